import { fileURLToPath } from "node:url";
import { defineConfig, mergeConfig } from "vite";
import base from "./vite.config";

/** Builds the page with sample records (dev/) to look at; it is no part of the application. */
export default defineConfig((environment) =>
  mergeConfig(base(environment), {
    base: "./",
    build: { outDir: "dist-dev", rolldownOptions: { input: fileURLToPath(new URL("dev/index.html", import.meta.url)) } },
  }),
);
