import { expect, test } from "vitest";
import { deniedRun, finishedRun, waitingRun } from "../../../dev/sample-runs";
import { mainStep, timelineOf } from "./timeline";

test("a login that goes on shows what is still to come", () => {
  expect(timelineOf(waitingRun).map(({ title, state }) => [title, state])).toEqual([
    ["Authorization request", "ok"],
    ["Login page", "running"],
    ["Callback", "waiting"],
    ["Token request", "waiting"],
  ]);
});

test("a login that is over shows what happened and nothing else, with the person's time named", () => {
  const steps = timelineOf(finishedRun);
  expect(steps.map(({ state }) => state)).toEqual(["ok", "ok", "ok", "warn", "ok"]);
  expect(steps[1]?.duration).toBe("1.2 s · you");
});

test("the step worth looking at is the one that was off, where it ended, or the latest", () => {
  expect(mainStep(finishedRun)).toBe(3);
  expect(mainStep(deniedRun)).toBe(2);
  expect(mainStep(waitingRun)).toBe(1);
});
