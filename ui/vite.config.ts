import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import type { Plugin, Rolldown } from "vite";
import { defineConfig } from "vitest/config";
import { texts } from "./texts/plugin.ts";

const folder = (name: string) => fileURLToPath(new URL(`./src/${name}`, import.meta.url));

/** Names by which source files import each other; tsconfig.json repeats them for the type checker. */
const alias = {
  $ipc: folder("ipc"),
  $kit: folder("kit"),
  $domain: folder("domain"),
  $screens: folder("screens"),
  $failure: folder("failure"),
  $frame: folder("frame"),
  $texts: folder("texts"),
};

/** Whether a start needs a module: every file that is fetched for its own costs a start some milliseconds. */
function isNeededAtStart(module: string, modules: Rolldown.ChunkingContext, seen = new Set<string>()): boolean {
  if (seen.has(module)) return false;
  seen.add(module);
  const known = modules.getModuleInfo(module);
  return known !== null && (known.isEntry || known.importers.some((importer) => isNeededAtStart(importer, modules, seen)));
}

/** Screens that are used together, and the file of what only they need. The list of clients is there from the start; what it opens is not. */
const areas: Record<string, string> = { Login: "testing", Results: "testing", Walks: "testing", Clients: "clients" };

/** The area of a screen's own file; nothing for any other module. */
function areaOf(module: string): string | undefined {
  const screen = /\/src\/screens\/(\w+)\.svelte$/.exec(module)?.[1];
  return screen && (areas[screen] ?? "keeping");
}

/** The areas of the screens that lead to a module, now or once something is opened there. */
function areasLeadingTo(module: string, modules: Rolldown.ChunkingContext, seen = new Set<string>()): Set<string> {
  const area = areaOf(module);
  if (area) return new Set([area]);
  if (seen.has(module)) return new Set();
  seen.add(module);
  const known = modules.getModuleInfo(module);
  return new Set([...(known?.importers ?? []), ...(known?.dynamicImporters ?? [])].flatMap((importer) => [...areasLeadingTo(importer, modules, seen)]));
}

/**
 * The file of a module that is not needed at start. These files are few, because one that is compressed by itself cannot refer to the words
 * of another: a file for each screen and dialog weighed a third more in all.
 */
function laterFile(module: string, modules: Rolldown.ChunkingContext): string {
  const [area, ...others] = areasLeadingTo(module, modules);
  return area !== undefined && others.length === 0 ? area : "parts";
}

/** Has the font fetched beside the script. Without it the font is asked for when the first text is drawn, which is then drawn twice. */
const fontBesideScript: Plugin = {
  name: "font-beside-script",
  transformIndexHtml: {
    order: "post",
    handler: (_, { bundle = {} }) =>
      Object.keys(bundle)
        .filter((file) => file.endsWith(".woff2"))
        .map((file) => ({
          tag: "link",
          attrs: { rel: "preload", as: "font", type: "font/woff2", href: `/${file}`, crossorigin: true },
          injectTo: "head-prepend",
        })),
  },
};

/** While it serves, Vite writes styles into the page so that it can exchange them; the policy of `dev/index.html` forbids that. */
const stylesWhileServing: Plugin = {
  name: "styles-while-serving",
  apply: "serve",
  transformIndexHtml: (html) => html.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'"),
};

export default defineConfig(({ mode }) => ({
  plugins: [texts(), svelte(), fontBesideScript, stylesWhileServing],
  clearScreen: false,
  server: { port: 5173, strictPort: true, host: "127.0.0.1" },
  resolve: {
    alias,
    // Without this, vitest would take Svelte's server build and no component would mount.
    conditions: mode === "test" ? ["browser"] : undefined,
  },
  build: {
    // The strict content security policy allows files of our own origin only: no data: URLs, no inline preload script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    cssCodeSplit: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { debugName: "start", name: (module, modules) => (isNeededAtStart(module, modules) ? "start" : null), priority: 3 },
            { debugName: "shared", name: (module, modules) => (laterFile(module, modules) === "parts" ? "parts" : null), priority: 2 },
            { debugName: "areas", name: laterFile, priority: 1 },
          ],
        },
      },
    },
  },
  test: {
    environment: "happy-dom",
    setupFiles: ["./tests/setup.ts"],
    include: ["src/**/*.test.ts", "tests/**/*.test.ts", "texts/**/*.test.ts"],
    restoreMocks: true,
    testTimeout: 20_000,
    // One core is left to others otherwise; while these run, nobody else waits for one.
    maxWorkers: "100%",
  },
}));
