import { createQuery } from "@tanstack/svelte-query";
import { call } from "$ipc/call";
import type { Browser } from "$ipc/gen/run";
import type { WalkPlanDetail, WalkStart } from "$ipc/gen/walk";
import { keys } from "$ipc/queries";
import { readSearch } from "$domain/client/search";

/** Clients the dialog shows at once; a search finds the others. */
const SHOWN = 6;

/** How a walk shall be started: with which client, as whom, which scenarios. */
export class StartDraft {
  typed = $state("");
  client = $state<string>();
  /** As the person chose; empty for nobody. Until then the client's first test users walk. */
  testUser = $state<string>();
  otherTestUser = $state<string>();
  browser = $state<Browser>("embedded");
  chosen = $state<readonly string[]>([]);

  constructor(
    readonly plan: () => WalkPlanDetail,
    only: string | undefined,
    browser: Browser,
  ) {
    this.browser = browser;
    this.chosen = only === undefined ? this.applicable.map(({ id }) => id) : [only];
  }

  /** The scenarios that apply to the plan's provider. */
  get applicable() {
    return this.plan().scenarios.filter(({ notApplicable }) => notApplicable === null);
  }

  /** Whether a chosen scenario signs in as somebody else than is expected. */
  get needsOther(): boolean {
    return this.applicable.some(({ id, testUsers }) => testUsers > 1 && this.chosen.includes(id));
  }

  choose(scenario: string, on: boolean): void {
    this.chosen = on ? [...this.chosen, scenario] : this.chosen.filter((id) => id !== scenario);
  }

  /** Who walks, of the client's test users: whoever was chosen, the first of them before, and nobody where that one is of another client. */
  walker(users: readonly string[]): string {
    return among(users, this.testUser) ?? users[0] ?? "";
  }

  /** Who signs in where the wrong account is asked for: somebody else than who walks. */
  other(users: readonly string[]): string {
    const others = users.filter((id) => id !== this.walker(users));
    return among(others, this.otherTestUser) ?? others[0] ?? "";
  }

  /** What the command is asked, for a client of the list and its test users. */
  request(client: string, users: readonly string[]): WalkStart {
    const all = this.chosen.length === this.applicable.length;
    return {
      plan: this.plan().row.id,
      client,
      testUser: this.walker(users) || null,
      otherTestUser: (this.needsOther && this.other(users)) || null,
      browser: this.browser,
      scenarios: all ? null : this.applicable.map(({ id }) => id).filter((id) => this.chosen.includes(id)),
    };
  }
}

/** What was chosen, where it can be: one of these, or nobody. */
const among = (users: readonly string[], chosen: string | undefined) => (chosen === "" || users.includes(chosen ?? "-") ? chosen : undefined);

/** The clients a plan can be walked with: those of its provider that fit what was typed. */
export function useWalkableClients(draft: StartDraft) {
  return createQuery(() => {
    const asked = { ...readSearch(draft.typed, []), provider: draft.plan().row.provider };
    return { queryKey: [...keys.clients, "walkable", asked], queryFn: () => call("client_list", { ...asked, offset: 0, limit: SHOWN }) };
  });
}
