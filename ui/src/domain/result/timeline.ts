import type { RunDetail, StepDetail, StepStatus } from "$ipc/gen/run";
import type { StepState, TimelineStep } from "$kit/Timeline.svelte";
import { duration } from "$domain/words";

const states: Record<StepStatus, StepState> = { running: "running", passed: "ok", warned: "warn", failed: "bad" };

/** What comes next in every login, shown as open while the run goes on. */
const ahead: readonly { kind: string; title: string }[] = [
  { kind: "pages", title: "Login page, consent page" },
  { kind: "callback", title: "Callback" },
  { kind: "token_request", title: "Token request" },
];

/** The id of a step inside its run. */
export const stepId = (index: number): string => `step-${index}`;

function took(step: StepDetail): string | undefined {
  if (step.durationMs === null) return step.waitedForPerson ? "waiting for you" : undefined;
  return step.waitedForPerson ? `${duration(step.durationMs)} · you` : duration(step.durationMs);
}

/** The steps of a run as its timeline shows them. */
export function timelineOf(run: RunDetail): TimelineStep[] {
  const after = run.steps.findIndex(({ afterLogin }) => afterLogin);
  const steps = run.steps.map((step, index): TimelineStep => {
    const time = took(step);
    return {
      id: stepId(index),
      ...(index === after ? { part: "After the login" } : {}),
      title: step.title,
      state: step.status === "running" && step.waitedForPerson ? "person" : states[step.status],
      ...(step.sentence ? { note: step.sentence } : {}),
      ...(time ? { duration: time } : {}),
    };
  });
  if (run.row.verdict !== "running") return steps;
  const reached = Math.max(-1, ...run.steps.map(({ kind }) => ahead.findIndex((one) => one.kind === kind)));
  const done = after >= 0 || run.steps.some(({ kind }) => kind === "identity");
  const open = done ? [] : ahead.slice(reached + 1);
  return [...steps, ...open.map(({ kind, title }) => ({ id: kind, title, state: "waiting" as const }))];
}

/** The step worth looking at: where the run ended or where something was off, otherwise the latest. */
export function mainStep(run: RunDetail): number {
  if (run.row.verdict === "running" && run.steps.at(-1)?.afterLogin) return run.steps.length - 1;
  const failed = run.steps.findIndex(({ status }) => status === "failed");
  if (failed >= 0) return failed;
  const warned = run.steps.findIndex(({ status }) => status === "warned");
  if (warned >= 0) return warned;
  if (run.row.verdict === "running") return run.steps.length - 1;
  const exchanged = run.steps.findLastIndex(({ exchanges }) => exchanges.length > 0);
  return exchanged >= 0 ? exchanged : run.steps.length - 1;
}
