import type { ScenarioStatus, WalkCounts, WalkPlanDetail, WalkRow, WalkScenario, WalkVerdict } from "$ipc/gen/walk";
import type { Tone } from "$kit/tone";
import { counted } from "$domain/words";

/** How the window names a verdict. */
export const walkVerdictWords: Record<WalkVerdict, string> = {
  pass: "passed",
  warn: "with a remark",
  fail: "failed",
  inconclusive: "inconclusive",
  notApplicable: "not applicable",
  skipped: "skipped",
};

export const walkVerdictTone: Record<WalkVerdict, Tone> = {
  pass: "ok",
  warn: "warn",
  fail: "bad",
  inconclusive: "accent",
  notApplicable: "neutral",
  skipped: "neutral",
};

/** How many scenarios a walk has. */
export const scenarioCount = (counts: WalkCounts): number => Object.values(counts).reduce((sum, one) => sum + one, 0);

/** "5 of 16". */
export function progressWords(counts: WalkCounts): string {
  const all = scenarioCount(counts);
  return `${all - counts.open} of ${all}`;
}

/** The verdicts of a walk that there are, the gravest first. */
export function verdictCounts(counts: WalkCounts): { verdict: WalkVerdict; count: number }[] {
  const order: readonly WalkVerdict[] = ["fail", "warn", "inconclusive", "pass", "skipped", "notApplicable"];
  return order.map((verdict) => ({ verdict, count: counts[verdict] })).filter(({ count }) => count > 0);
}

/** How a walk stands, in a word or two. */
export function standing({ status, waitsFor, counts }: WalkRow): { words: string; tone: Tone } {
  if (status === "paused") return { words: "paused", tone: "neutral" };
  if (status === "goingOn") return waitsFor === "machine" ? { words: "Gatewright is at it", tone: "neutral" } : { words: "your turn", tone: "accent" };
  if (counts.fail > 0) return { words: `${counts.fail} failed`, tone: "bad" };
  if (counts.warn > 0) return { words: counted(counts.warn, ["# remark", "# remarks"]), tone: "warn" };
  if (counts.inconclusive > 0) return { words: `${counts.inconclusive} inconclusive`, tone: "accent" };
  return counts.pass > 0 ? { words: "passed", tone: "ok" } : { words: "nothing walked", tone: "neutral" };
}

const openWords: Record<Exclude<ScenarioStatus, "done">, string> = { open: "not yet", goingOn: "going on", asking: "has a question" };

/** How a scenario stands, in a word or two. The person's own verdict is said too where it is another. */
export function scenarioStanding({ status, machine, person, waitsFor }: WalkScenario): { words: string; tone: Tone } {
  if (status !== "done" || !machine) {
    const words = status === "goingOn" && waitsFor === "machine" ? "Gatewright is at it" : openWords[status === "done" ? "open" : status];
    return { words, tone: status === "open" ? "neutral" : waitsFor === "machine" ? "wait" : "accent" };
  }
  const said = walkVerdictWords[machine.verdict];
  const differs = person && person.verdict !== machine.verdict;
  return { words: differs ? `${said} · you: ${walkVerdictWords[person.verdict]}` : said, tone: walkVerdictTone[machine.verdict] };
}

/** How long scenarios of a plan take, in whole minutes: what they took before, and about one for each that nobody has walked yet. */
export function minutesFor(scenarios: readonly string[], { durations }: Pick<WalkPlanDetail, "durations">): string {
  const taken = (id: string) => durations.find(({ scenario }) => scenario === id)?.seconds ?? 60;
  const seconds = scenarios.reduce((sum, id) => sum + taken(id), 0);
  return scenarios.length === 0 ? "nothing to walk" : `about ${counted(Math.max(1, Math.round(seconds / 60)), ["# minute", "# minutes"])}`;
}
