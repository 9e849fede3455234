import { expect, test } from "vitest";
import { deniedRun, finishedRun, logoutStep, refreshableRun, refreshStep, waitingRun } from "../../../dev/sample-runs";
import { mainStep, timelineOf } from "./timeline";

test("a login that goes on shows what is still to come", () => {
  expect(timelineOf(waitingRun).map(({ title, state }) => [title, state])).toEqual([
    ["Authorization request", "ok"],
    ["Login page", "person"],
    ["Callback", "waiting"],
    ["Token request", "waiting"],
  ]);
});

test("a login that is over shows what happened and nothing else, with the person's time named", () => {
  const steps = timelineOf(finishedRun);
  expect(steps.map(({ state }) => state)).toEqual(["ok", "ok", "ok", "warn", "ok"]);
  expect(steps[1]?.duration).toBe("1.2 s · you");
});

test("what was done with the tokens later stands under its own heading, and nothing of a login is waited for any more", () => {
  const steps = timelineOf({ ...refreshableRun, row: { ...refreshableRun.row, verdict: "running" }, steps: [...waitingRun.steps, refreshStep, logoutStep] });
  expect(steps.map(({ title, part }) => [title, part])).toEqual([
    ["Authorization request", undefined],
    ["Login page", undefined],
    ["Refresh", "After the login"],
    ["Logout", undefined],
  ]);
});

test("a logout that goes on is what one looks at, whatever was off before", () => {
  expect(mainStep({ ...finishedRun, row: { ...finishedRun.row, verdict: "running" }, steps: [...finishedRun.steps, logoutStep] })).toBe(5);
});

test("the step worth looking at is the one that was off, where it ended, or the latest", () => {
  expect(mainStep(finishedRun)).toBe(3);
  expect(mainStep(deniedRun)).toBe(2);
  expect(mainStep(waitingRun)).toBe(1);
});
