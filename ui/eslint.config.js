import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

const tauri = { group: ["@tauri-apps/*"], message: "Only src/ipc talks to the shell; call a command through $ipc." };
const above = {
  group: ["$domain/*", "$screens/*", "$frame/*", "$ipc/*", "$failure/*", "**/domain/*", "**/screens/*", "**/ipc/*"],
  message: "The kit knows no words of the product: pass what it needs as a prop.",
};

export default ts.config(
  { ignores: ["dist", "dist-dev", "node_modules", "src/ipc/gen"] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      "no-console": "error",
      "no-undef": "off", // TypeScript reports undefined names, and knows the types that ESLint does not.
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: {
      parserOptions: { parser: ts.parser, extraFileExtensions: [".svelte"], svelteConfig },
    },
    rules: {
      // Text from a provider is shown as text, never as markup.
      "svelte/no-at-html-tags": "error",
      "svelte/button-has-type": "error",
      "svelte/no-target-blank": "error",
      "svelte/require-each-key": "error",
      "svelte/no-navigation-without-resolve": "off", // SvelteKit's router; ours is src/frame/router.svelte.ts.
    },
  },
  { files: ["src/**"], rules: { "no-restricted-imports": ["error", { patterns: [tauri] }] } },
  { files: ["src/kit/**"], rules: { "no-restricted-imports": ["error", { patterns: [tauri, above] }] } },
  { files: ["src/ipc/**", "**/*.test.ts"], rules: { "no-restricted-imports": "off" } },
  { files: ["scripts/**", "dev/**"], rules: { "no-console": "off" } },
);
