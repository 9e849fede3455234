import { createQuery, queryOptions } from "@tanstack/svelte-query";
import { call } from "$ipc/call";
import { keys } from "$ipc/queries";

/** How the frame's state is asked for. */
export const appState = queryOptions({ queryKey: keys.app, queryFn: () => call("app_state", {}) });

/** What the frame shows and every screen may ask: keyring, sandbox, settings, runs that are going on. */
export function useAppState() {
  return createQuery(() => appState);
}
