import { call } from "$ipc/call";
import type { LoginStart } from "$ipc/gen/login";
import type { RunRow } from "$ipc/gen/run";
import { showFailure } from "$failure/show";
import { router } from "$frame/router.svelte";
import { openRuns } from "./open-runs.svelte";

/** Starts a login and opens its run. Rejects with the failure, for the form to show. */
export async function startLogin(request: LoginStart): Promise<void> {
  const { run } = await call("login_start", request);
  openRuns.add(run);
  router.go("login", run);
}

/** Starts a login like one that is over. */
export function logInAgain({ client, browser, meant }: RunRow, redirectUri: string | null): void {
  startLogin({ client, browser, testUser: meant?.id ?? null, redirectUri, scopes: null }).catch(showFailure);
}

export function cancelLogin(run: string): void {
  call("login_cancel", { run }).catch(showFailure);
}

/** Brings the login window of a run to the front. */
export function focusLogin(run: string): void {
  call("login_focus", { run }).catch(showFailure);
}
