import type { Answers } from "./backend";
import { fail } from "./backend";
import { brokenPlan, ownPlan, planDetail, planList, walkDetail, walkRow, walkRows, walkScenario } from "./sample-walks";

const findPlan = (id: string) => planList.plans.find((row) => row.id === id) ?? fail({ code: "not_found", message: "This plan is gone." });
const showWalk = (id: string) => walkDetail(walkRows.find((row) => row.id === id) ?? walkRow({ id }));

/** The sample answers for Walks. */
export const walkAnswers: Answers = {
  walk_plans: () => planList,
  walk_plan_show: ({ plan }) => planDetail(findPlan(plan)),
  walk_plan_check: ({ text }) => ({ problems: text.includes("aprove") ? brokenPlan.problems : [] }),
  walk_plan_save: () => planDetail(ownPlan),
  walk_plan_take_back: ({ plan }) => planDetail(findPlan(plan)),
  walk_plan_duplicate: ({ title }) => planDetail({ ...ownPlan, title }),
  walk_list: ({ offset, limit }) => ({ rows: walkRows.slice(offset, offset + limit), total: walkRows.length }),
  walk_show: ({ walk }) => showWalk(walk),
  walk_start: ({ plan, client }) => walkDetail(walkRow({ id: "walk-9", plan, client })),
  walk_scenario_start: ({ walk }) => showWalk(walk),
  walk_scenarios_start: ({ walk }) => walkDetail(showWalk(walk).row, [], ["wrong_account", "consent_remembered"]),
  walk_scenarios_end: ({ walk }) => showWalk(walk),
  walk_skip: ({ walk, scenario, reason }) => {
    const detail = showWalk(walk);
    const one = detail.scenarios.find((each) => each.scenario.id === scenario)!;
    return walkDetail(detail.row, [walkScenario(one.scenario, { status: "done", waitsFor: "nobody", machine: { verdict: "skipped", sentence: reason, comparisons: [] } })]);
  },
  walk_judge: ({ walk }) => showWalk(walk),
  walk_pause: ({ walk }) => walkDetail({ ...showWalk(walk).row, status: "paused" }),
  walk_delete: ({ walk }) => ({ what: showWalk(walk).row.planTitle, undoUntil: new Date(Date.now() + 10_000).toISOString(), undoMs: 10_000 }),
  walk_restore: ({ walk }) => showWalk(walk),
  walk_plan_delete: ({ plan }) => ({ what: findPlan(plan).title, undoUntil: new Date(Date.now() + 10_000).toISOString(), undoMs: 10_000 }),
  walk_plan_restore: ({ plan }) => planDetail(findPlan(plan)),
  run_walk: ({ run }) => ({ partOf: run === "run-3" ? { walk: "walk-1", planTitle: "Consent at ContentDB", scenario: "cancel", title: "Cancel" } : null }),
  walk_resume: ({ walk }) => walkDetail({ ...showWalk(walk).row, status: "goingOn" }),
};
