import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const css = readFileSync(join(import.meta.dirname, "../src/styles/tokens.css"), "utf8");
const tokens = new Map(
  [...css.matchAll(/--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(([, name, light, dark]) => [
    name!,
    { light: light!, dark: dark! },
  ]),
);

/** Relative luminance of "#rrggbb" (WCAG 2.2). */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5]
    .map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

const surfaces = ["surface-0", "surface-1", "surface-2", "accent-soft"];
const texts = ["text-1", "text-2", "text-3", "accent", "ok", "warn", "bad", "wait"];
const pairs = [
  ...texts.flatMap((text) => surfaces.map((surface) => [text, surface] as const)),
  ...["ok", "warn", "bad", "wait", "accent"].map((tone) => [tone, `${tone}-soft`] as const),
  // The label on a filled button.
  ...["accent", "accent-strong", "bad"].map((tone) => ["surface-1", tone] as const),
];

describe.each(["light", "dark"] as const)("in the %s theme", (theme) => {
  test.each(pairs)("%s can be read on %s", (text, surface) => {
    expect(contrast(tokens.get(text)![theme], tokens.get(surface)![theme])).toBeGreaterThanOrEqual(4.5);
  });

  test.each([...tokens.keys()].filter((name) => name.startsWith("persona-")))("the dot %s can be seen on every surface", (dot) => {
    for (const surface of surfaces) expect(contrast(tokens.get(dot)![theme], tokens.get(surface)![theme])).toBeGreaterThanOrEqual(3);
  });

  test("the edge of a field stands out from the page", () => {
    for (const surface of ["surface-0", "surface-1"]) {
      expect(contrast(tokens.get("line-strong")![theme], tokens.get(surface)![theme])).toBeGreaterThanOrEqual(3);
    }
  });
});
