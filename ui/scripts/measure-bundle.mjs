// Fails when the JavaScript and CSS that the window loads weigh more than 150 kB, compressed as a web server would send them.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const LIMIT_KB = 150;
const dist = fileURLToPath(new URL("../dist", import.meta.url));

const files = readdirSync(dist, { recursive: true })
  .map(String)
  .filter((name) => /\.(js|css)$/.test(name))
  .map((name) => ({ name, kilobytes: gzipSync(readFileSync(join(dist, name))).length / 1000 }));
const total = files.reduce((sum, file) => sum + file.kilobytes, 0);

for (const { name, kilobytes } of files) console.log(`${kilobytes.toFixed(1).padStart(7)} kB  ${name}`);
console.log(`${total.toFixed(1).padStart(7)} kB  together, of ${LIMIT_KB} kB allowed`);
if (files.length === 0 || total > LIMIT_KB) {
  console.error("The window's own JavaScript and CSS must stay under the limit.");
  process.exit(1);
}
