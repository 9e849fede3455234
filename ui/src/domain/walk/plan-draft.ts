import { call } from "$ipc/call";
import type { WalkPlanDetail } from "$ipc/gen/walk";
import { CheckedText } from "$domain/checked-text/checked-text.svelte";

const unfinished: Record<string, CheckedText<WalkPlanDetail>> = {};

/** The text of a plan as it is written; a look at another screen loses nothing. */
export function draftOfPlan(plan: string): CheckedText<WalkPlanDetail> {
  return (unfinished[plan] ??= new CheckedText({
    fetch: async () => (await call("walk_plan_show", { plan })).text,
    judge: async (text) => (await call("walk_plan_check", { plan, text })).problems,
    keep: (text) => call("walk_plan_save", { plan, text }),
  }));
}

/** Forgets a text that was kept or given up. */
export function dropDraftOfPlan(plan: string): void {
  delete unfinished[plan];
}
