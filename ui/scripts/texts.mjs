// Brings texts/german.po up to the sources, and says how many messages wait for their German.
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const { module } = await runnerImport(fileURLToPath(new URL("../texts/update.ts", import.meta.url)));
const waiting = module.update();
console.log(waiting === 0 ? "Everything is translated." : `${waiting} messages wait for their German: look for 'msgstr ""' in texts/german.po.`);
