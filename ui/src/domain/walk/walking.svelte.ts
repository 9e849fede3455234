import { call } from "$ipc/call";
import type { WalkDetail } from "$ipc/gen/walk";

/** What can be under way. */
export type WalkAct = "begin" | "beginAll" | "endQueue" | "skip" | "pause" | "resume" | "endWait";

/** What a person does with a walk: one thing at a time. */
export class Walking {
  busy = $state.raw<WalkAct>();
  failure = $state.raw<unknown>();

  constructor(
    readonly walk: () => string,
    readonly ondone: (walk: WalkDetail) => void,
  ) {}

  /** Starts a scenario; one that was walked before is walked again, in place of what came of it. */
  begin(scenario: string): Promise<boolean> {
    return this.#run("begin", () => call("walk_scenario_start", { walk: this.walk(), scenario }));
  }

  /** Starts every scenario that nobody has begun, each when the one before has its verdict: whatever page is open. */
  beginAll(): Promise<boolean> {
    return this.#run("beginAll", () => call("walk_scenarios_start", { walk: this.walk(), scenarios: null }));
  }

  /** Nothing starts by itself any more; what goes on comes to its end. */
  endQueue(): Promise<boolean> {
    return this.#run("endQueue", () => call("walk_scenarios_end", { walk: this.walk() }));
  }

  skip(scenario: string, reason: string): Promise<boolean> {
    return this.#run("skip", () => call("walk_skip", { walk: this.walk(), scenario, reason }));
  }

  pause(): Promise<boolean> {
    return this.#run("pause", () => call("walk_pause", { walk: this.walk() }));
  }

  resume(): Promise<boolean> {
    return this.#run("resume", () => call("walk_resume", { walk: this.walk() }));
  }

  /** Ends a wait of Gatewright's own early: the run that waits is cancelled. */
  endWait(run: string): Promise<boolean> {
    return this.#run("endWait", async () => {
      await call("login_cancel", { run });
      return call("walk_show", { walk: this.walk() });
    });
  }

  async #run(act: WalkAct, command: () => Promise<WalkDetail>): Promise<boolean> {
    this.busy = act;
    this.failure = undefined;
    try {
      this.ondone(await command());
      return true;
    } catch (cause) {
      this.failure = cause;
      return false;
    } finally {
      this.busy = undefined;
    }
  }
}
