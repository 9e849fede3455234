import { expect, test } from "vitest";
import { catalogue, someFaults } from "../../../dev/sample-faults";
import { groupedFaults, readTiming, ruleWords } from "./faults";

test("the catalogue is grouped by endpoint and narrowed by words and variants", () => {
  expect(groupedFaults(catalogue, "").map(({ title, faults }) => [title, faults.length])).toEqual([
    ["Authorization and callback", 1],
    ["Token", 2],
    ["Keys", 1],
  ]);
  expect(groupedFaults(catalogue, "token 503").flatMap(({ faults }) => faults.map(({ id }) => id))).toEqual(["TK-01"]);
});

test.each([
  ["always", "", { kind: "always" }],
  ["nth", "1, 3", { kind: "nth", value: [1, 3] }],
  ["nth", "", undefined],
  ["nth", "0", undefined],
  ["first", "2", { kind: "first", value: 2 }],
  ["first", "2 3", undefined],
  ["first", "1.5", undefined],
  ["probability", "25 %", { kind: "probability", value: 0.25 }],
  ["probability", "0", undefined],
  ["probability", "101", undefined],
  ["probability", "", undefined],
] as const)("the timing %s with %j is %j", (kind, text, timing) => expect(readTiming(kind, text)).toEqual(timing));

test("a rule is told in words", () => {
  expect(someFaults.rules.map((rule) => ruleWords(rule, "Twin"))).toEqual(["Twin · 502 · at 1, 3 · client kittenlocks-870504", "Twin · with a chance of 25 %"]);
});
