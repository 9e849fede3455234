import { call } from "$ipc/call";
import type { WalkPlanDetail, WalkPlanRead } from "$ipc/gen/walk";
import { router } from "$frame/router.svelte";
import { CheckedText } from "$domain/checked-text/checked-text.svelte";

/** A text of a plan, and the plan whose file it takes the place of, as that was seen last. */
export interface PlanText {
  text: string;
  seen: WalkPlanDetail | undefined;
}

/** The text of a plan as it is written; it takes the place of the file as it was read. */
export class PlanDraft extends CheckedText<WalkPlanDetail> {
  readonly #last: Pick<PlanText, "seen">;

  constructor(
    /** The plan's id. */
    readonly plan: string,
  ) {
    const last: Pick<PlanText, "seen"> = { seen: undefined };
    const replaces = () => (last.seen === undefined ? null : readOf(last.seen));
    super({
      fetch: async () => (last.seen = await call("walk_plan_show", { plan })).text,
      judge: async (text) => (await call("walk_plan_check", { replaces: replaces(), text })).problems,
      keep: (text) => call("walk_plan_save", { replaces: replaces(), text }),
    });
    this.#last = last;
  }

  /** The plan as the person has seen it last. */
  get seen(): WalkPlanDetail | undefined {
    return this.#last.seen;
  }

  /** From now on the text takes the place of this, which the person has seen. */
  saw(plan: WalkPlanDetail | undefined): void {
    this.#last.seen = plan;
  }

  /** What is in the file now, which may be another plan than the one that was read. */
  async inFile(): Promise<WalkPlanDetail> {
    const { plans } = await call("walk_plans", {});
    const there = plans.find(({ file }) => file !== null && file === this.seen?.row.file);
    return call("walk_plan_show", { plan: there?.id ?? this.plan });
  }

  /** Goes on with a text that had been given up. */
  resume({ text, seen }: PlanText): void {
    this.saw(seen);
    this.text = text;
    this.loaded = true;
    this.checkSoon();
  }
}

/** What the backend has to know of a file that somebody has read; null of a ready plan, which has none. */
export const readOf = ({ row, digest }: WalkPlanDetail): WalkPlanRead | null => (digest === null || row.file === null ? null : { plan: row.id, file: row.file, digest });

const unfinished: Record<string, PlanDraft> = {};

/** The text of a plan as it is written; a look at another screen loses nothing. */
export function draftOfPlan(plan: string): PlanDraft {
  return (unfinished[plan] ??= new PlanDraft(plan));
}

/** Opens a text of a plan again that had been given up. */
export function resumePlan(plan: string, text: PlanText): void {
  draftOfPlan(plan).resume(text);
  router.go("walks", "plans", plan, "edit");
}

/** Forgets a text that was kept or given up. */
export function dropDraftOfPlan(plan: string): void {
  delete unfinished[plan];
}
