import { expect, test } from "vitest";
import { age, duration } from "./words";

test.each([
  [0.2, "0 ms"],
  [38, "38 ms"],
  [1234, "1.2 s"],
  [125_000, "2 min 5 s"],
])("%d milliseconds are written %j", (milliseconds, words) => expect(duration(milliseconds)).toBe(words));

test.each([
  ["2026-01-01T11:59:30Z", "now"],
  ["2026-01-01T11:50:00Z", "10 min"],
  ["2026-01-01T09:30:00Z", "2 h"],
  ["2025-11-21T12:00:00Z", "41 d"],
])("at noon on New Year's day %s is %j ago", (since, words) => expect(age(since, Date.parse("2026-01-01T12:00:00Z"))).toBe(words));
