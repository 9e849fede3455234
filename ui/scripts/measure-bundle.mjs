// Weighs the window's JavaScript and CSS, compressed as a web server would send them, and fails when
//  - the window's own modules, all that is not from node_modules, weigh more than 150 kB, or
//  - what has to be there before a first screen can be used weighs more than 150 kB, libraries included.
// Which screen is first depends on where a person was when they left, so the heaviest counts.
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";

const LIMIT_KB = 150;
const root = fileURLToPath(new URL("..", import.meta.url));
const kilobytes = (content) => gzipSync(content).length / 1000;
const sum = (numbers) => [...numbers].reduce((total, one) => total + one, 0);
const line = (weight, words) => console.log(`${weight.toFixed(1).padStart(7)} kB  ${words}`);

/** Builds without writing. `groups` says which modules share a file, before the project's own rule does. */
async function built(groups) {
  const { output } = await build({
    root,
    logLevel: "error",
    build: { write: false, rolldownOptions: { output: { codeSplitting: { groups } } } },
  });
  const scripts = output.filter(({ type }) => type === "chunk");
  const styles = output.filter(({ fileName }) => fileName.endsWith(".css"));
  const catalogs = output.filter(({ fileName }) => fileName.startsWith("texts/"));
  return { scripts, catalogs, styles: sum(styles.map(({ source }) => kilobytes(source))) };
}

/** What is loaded together with these files: they, and all that they import at once. */
function closure(scripts, names, seen = new Set()) {
  for (const name of names) {
    if (seen.has(name)) continue;
    seen.add(name);
    closure(scripts, scripts.find(({ fileName }) => fileName === name)?.imports ?? [], seen);
  }
  return seen;
}

const shipped = await built([]);
const weights = new Map(shipped.scripts.map(({ fileName, code }) => [fileName, kilobytes(code)]));
const entry = shipped.scripts.find(({ isEntry, name }) => isEntry || name === "start");
const screens = readdirSync(join(root, "src/screens"))
  .filter((file) => file.endsWith(".svelte"))
  .map((file) => ({ name: basename(file, ".svelte").toLowerCase(), script: shipped.scripts.find(({ moduleIds }) => moduleIds.includes(join(root, "src/screens", file))) }));
if (!entry || screens.length === 0) throw new Error("The build has no start or no screens: this script looks for them in the wrong place.");

const starts = screens.map(({ name, script }) => {
  if (!script) throw new Error(`The screen "${name}" is in no file.`);
  const files = closure(shipped.scripts, [entry.fileName, script.fileName]);
  return { name, weight: shipped.styles + sum([...files].map((file) => weights.get(file) ?? 0)) };
});
for (const { name, weight } of starts) line(weight, `before "${name}" can be used as the first screen`);
const first = Math.max(...starts.map(({ weight }) => weight));

// The same files once more with the libraries taken out of each: what is left is ours.
const apart = await built([{ debugName: "libraries", name: "libraries", test: /node_modules/, priority: 9 }]);
const own = apart.styles + sum(apart.scripts.filter(({ name }) => name !== "libraries").map(({ code }) => kilobytes(code)));
const total = shipped.styles + sum(weights.values());

const written = readdirSync(join(root, "dist"), { recursive: true }).map(String).filter((name) => name.endsWith(".js"));
if (written.length !== shipped.scripts.length) throw new Error("What was measured is not what was built.");
// Texts are fetched as data, one language at a time; no script is among them.
for (const { fileName, source } of shipped.catalogs) line(kilobytes(source), `${fileName}, beside what is weighed here`);
line(total, "all of it, libraries included");
line(own, `the window's own modules, of ${LIMIT_KB} kB allowed`);
line(first, `before the first screen can be used, of ${LIMIT_KB} kB allowed`);
if (own > LIMIT_KB || first > LIMIT_KB) {
  console.error("The window has become too heavy.");
  process.exit(1);
}
