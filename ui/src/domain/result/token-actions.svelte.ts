import { useQueryClient } from "@tanstack/svelte-query";
import { call } from "$ipc/call";
import type { RunDetail } from "$ipc/gen/run";
import type { TokenAction, TokenActionKind } from "$ipc/gen/token";
import { runKey } from "$ipc/queries";
import { router } from "$frame/router.svelte";

/** The tokens of a run as the window calls them. */
export const tokenNames: Record<string, string> = { access_token: "Access token", refresh_token: "Refresh token", id_token: "ID token" };
const insideWords: Record<string, string> = { access_token: "access token", refresh_token: "refresh token", id_token: "ID token" };

/** "access token": inside a sentence. */
export function tokenWords(name: string | null): string {
  return insideWords[name ?? ""] ?? name ?? "token";
}

/** What each button says alone and in a row of a list, three dots where a question comes first; and what is read out of it. */
export const actionWords: Record<TokenActionKind, { label: string; inRow: string; heard: (token: string) => string }> = {
  refresh: { label: "Refresh", inRow: "refresh", heard: (token) => `Refresh ${token}` },
  tryOnceMore: { label: "Try once more …", inRow: "try once more …", heard: (token) => `Try once more ${token}` },
  revoke: { label: "Revoke …", inRow: "revoke …", heard: (token) => `Revoke ${token}` },
  introspect: { label: "Introspect", inRow: "introspect", heard: (token) => `Introspect ${token}` },
  userinfo: { label: "Userinfo", inRow: "userinfo", heard: (token) => `Userinfo ${token}` },
  logOut: { label: "Log out …", inRow: "log out …", heard: (token) => `Log out ${token}` },
  decode: { label: "Decode", inRow: "decode", heard: (token) => `Decode ${token}` },
};

/** A question before something that cannot be taken back. */
export interface Question {
  title: string;
  description: string;
  confirm: string;
}

/** The question that comes before an action; none where it costs nothing. */
export function questionBefore({ kind, token }: TokenAction, provider: string): Question | undefined {
  if (kind === "revoke") {
    const said = [`${provider} is asked to make it worthless. That cannot be taken back.`];
    if (token === "refresh_token") said.push("Most providers end the access tokens that came from it, too.");
    return { title: `Revoke the ${tokenWords(token)}?`, description: said.join(" "), confirm: "Revoke" };
  }
  if (kind === "logOut") {
    return { title: `Log out at ${provider}?`, description: "The browser of this login opens the provider's logout page. Its session ends there, and its tokens may end with it.", confirm: "Log out" };
  }
  if (kind === "tryOnceMore") {
    return {
      title: "Send the same refresh token once more?",
      description: `The answer to the last try never came. If ${provider} counts that token as used, it may take the second use for theft and revoke everything that was granted. Then only a new login helps.`,
      confirm: "Try once more",
    };
  }
  return undefined;
}

function ask({ kind, token }: TokenAction, run: string): Promise<RunDetail> | undefined {
  switch (kind) {
    case "refresh":
    case "tryOnceMore":
      return call("token_refresh", { run, tryOnceMore: kind === "tryOnceMore" });
    case "userinfo":
      return call("token_userinfo", { run });
    case "logOut":
      return call("login_end", { run });
    case "revoke":
    case "introspect":
      return token === null ? undefined : call(kind === "revoke" ? "token_revoke" : "token_introspect", { run, token });
    case "decode":
      return undefined;
  }
}

/** What a person does with the tokens of a run: one thing at a time, the dangerous ones after a yes. */
export class TokenActions {
  /** What is under way. */
  busy = $state.raw<TokenAction>();
  /** What waits for a yes. */
  asked = $state.raw<TokenAction>();
  /** The token that is looked into. */
  decoding = $state<string>();
  failure = $state.raw<unknown>();

  readonly #client = useQueryClient();

  constructor(
    readonly run: () => RunDetail,
    readonly ondone: (run: RunDetail) => void,
  ) {}

  /** Does what a button says, or asks first. */
  start(action: TokenAction): void {
    if (action.kind === "decode") this.decoding = action.token ?? undefined;
    else if (questionBefore(action, this.run().row.providerName)) this.asked = action;
    else void this.carryOut(action);
  }

  async carryOut(action: TokenAction): Promise<void> {
    const { id } = this.run().row;
    this.asked = undefined;
    this.busy = action;
    this.failure = undefined;
    try {
      const run = await ask(action, id);
      if (!run) return;
      if (action.kind === "logOut") {
        // It goes on without the window; what was told meanwhile may be newer than this answer.
        await this.#client.invalidateQueries({ queryKey: runKey(id), exact: true });
        router.go("login", id);
      } else {
        this.#client.setQueryData(runKey(id), run);
      }
      this.ondone(run);
    } catch (cause) {
      this.failure = cause;
    } finally {
      this.busy = undefined;
    }
  }
}
