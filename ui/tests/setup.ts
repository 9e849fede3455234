import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/svelte";
import { afterEach } from "vitest";

// A failing test names what it looked for; the whole page beside it would bury that.
configure({
  asyncUtilTimeout: 15_000,
  getElementError: (message) => new Error(message?.split("\n\n")[0] ?? "Not found."),
});

afterEach(() => cleanup());

// happy-dom has no layout: every element would be 0 × 0 and a virtual list would show no row.
for (const [name, pixels] of [["offsetHeight", 600], ["offsetWidth", 900]] as const) {
  Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => pixels });
}
Element.prototype.scrollIntoView ??= () => {};
