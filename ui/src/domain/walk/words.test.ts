import { expect, test } from "vitest";
import { failed, held, walkRow, walkRows } from "../../../dev/sample-walks";
import { minutesFor, progressWords, scenarioStanding, standing, verdictCounts } from "./words";

test("a walk says whose turn it is while it goes on, and afterwards the gravest that was found", () => {
  expect(walkRows.map((row) => standing(row).words)).toEqual(["your turn", "paused", "passed"]);
  expect(standing(walkRow({ waitsFor: "machine" })).words).toBe("Gatewright is at it");
  const ended = { pass: 3, warn: 1, fail: 0, inconclusive: 2, notApplicable: 0, skipped: 0, open: 0 };
  expect(standing(walkRow({ status: "ended", counts: ended }))).toEqual({ words: "1 remark", tone: "warn" });
  expect(standing(walkRow({ status: "ended", counts: { ...ended, fail: 2 } }))).toEqual({ words: "2 failed", tone: "bad" });
  expect(standing(walkRow({ status: "ended", counts: { ...ended, pass: 0, warn: 0, inconclusive: 0, skipped: 6 } })).words).toBe("nothing walked");
});

test("the person's verdict is said where it is another than the machine's", () => {
  expect(scenarioStanding(failed).words).toBe("failed · you: with a remark");
  expect(scenarioStanding({ ...failed, person: { verdict: "fail", at: "" } }).words).toBe("failed");
});

test("a scenario that Gatewright works on is not the person's", () => {
  expect(scenarioStanding(held)).toEqual({ words: "Gatewright is at it", tone: "wait" });
  expect(scenarioStanding({ ...held, waitsFor: "person" })).toEqual({ words: "going on", tone: "accent" });
});

test("verdicts are counted with the gravest first, and those that nobody gave are left out", () => {
  expect(verdictCounts(walkRow().counts)).toEqual([
    { verdict: "fail", count: 1 },
    { verdict: "pass", count: 1 },
    { verdict: "notApplicable", count: 1 },
  ]);
  expect(progressWords(walkRow().counts)).toBe("3 of 7");
});

test("a plan takes as long as its scenarios have taken, and a minute for each that nobody has walked", () => {
  const durations = [{ scenario: "approve", seconds: 20 }, { scenario: "deny", seconds: 300 }];
  const told = [[], ["cancel"], ["approve"], ["approve", "deny", "cancel"]].map((scenarios) => minutesFor(scenarios, { durations }));
  expect(told).toEqual(["nothing to walk", "about 1 minute", "about 1 minute", "about 6 minutes"]);
});
