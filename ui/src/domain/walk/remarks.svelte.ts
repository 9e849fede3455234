import { call } from "$ipc/call";
import type { WalkDetail, WalkScenario, WalkVerdict } from "$ipc/gen/walk";

/** How long after the last letter the notes are kept, in milliseconds. */
const PAUSE = 400;

/**
 * What the person says about one scenario: a verdict, notes, answers. Everything is kept as it is typed. What stands in the fields is
 * theirs alone: what the backend tells meanwhile does not write over it.
 */
export class Remarks {
  verdict = $state<WalkVerdict | "">("");
  notes = $state("");
  answers = $state<Record<string, boolean>>({});
  /** Whether all that was said is kept. */
  kept = $state(false);
  failure = $state.raw<unknown>();

  readonly #scenario: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(
    private readonly walk: string,
    scenario: WalkScenario,
    private readonly ondone: (walk: WalkDetail) => void,
  ) {
    this.#scenario = scenario.scenario.id;
    this.notes = scenario.notes;
    this.startOver(scenario);
  }

  /** Takes over what is kept of verdict and answers: a scenario that is walked again has none of before. */
  startOver({ person, answers }: WalkScenario): void {
    this.verdict = person?.verdict ?? "";
    this.answers = Object.fromEntries(answers.map(({ question, yes }) => [question, yes]));
  }

  judge(verdict: WalkVerdict | ""): void {
    this.verdict = verdict;
    this.#keep();
  }

  answer(question: string, yes: boolean): void {
    this.answers[question] = yes;
    this.#keep();
  }

  /** Keeps the notes after a short pause. */
  keepSoon(): void {
    this.kept = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#keep(), PAUSE);
  }

  /** Keeps what is not kept yet: for when the page goes. */
  keepNow(): void {
    if (this.#timer !== undefined) this.#keep();
  }

  #keep(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // In the order in which it was said: an earlier answer that comes late must not win.
    this.#last = this.#last.then(() => this.#send());
  }

  async #send(): Promise<void> {
    const { verdict, notes, answers } = this;
    this.failure = undefined;
    try {
      const walk = await call("walk_judge", {
        walk: this.walk,
        scenario: this.#scenario,
        verdict: verdict === "" ? null : verdict,
        notes,
        answers: Object.entries(answers).map(([question, yes]) => ({ question, yes })),
      });
      this.kept = notes === this.notes && verdict === this.verdict;
      this.ondone(walk);
    } catch (cause) {
      this.failure = cause;
    }
  }
}
