import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

const folder = (name: string) => fileURLToPath(new URL(`./src/${name}`, import.meta.url));

/** Names by which source files import each other; tsconfig.json repeats them for the type checker. */
const alias = {
  $ipc: folder("ipc"),
  $kit: folder("kit"),
  $domain: folder("domain"),
  $screens: folder("screens"),
  $failure: folder("failure"),
  $frame: folder("frame"),
};

export default defineConfig(({ mode }) => ({
  plugins: [svelte()],
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
  },
  test: {
    environment: "happy-dom",
    setupFiles: ["./tests/setup.ts"],
    include: ["src/**/*.test.ts", "tests/**/*.test.ts"],
    restoreMocks: true,
    testTimeout: 20_000,
  },
}));
