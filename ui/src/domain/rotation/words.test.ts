import { expect, test } from "vitest";
import { dueWords } from "./words";

const NOW = Date.parse("2026-05-12T10:00:00Z");

test.each([
  ["2026-05-15T10:00:00Z", "in 3 days"],
  ["2026-05-13T10:00:00Z", "in 1 day"],
  ["2026-05-12T20:00:00Z", "today"],
  ["2026-05-12T01:00:00Z", "since today"],
  ["2026-05-11T10:00:00Z", "1 day late"],
  ["2025-05-12T10:00:00Z", "365 days late"],
  [null, "no reminder"],
])("a secret that is due at %s is %s", (dueAt, words) => {
  expect(dueWords({ dueAt }, NOW)).toBe(words);
});
