import { createQuery } from "@tanstack/svelte-query";
import { call } from "$ipc/call";
import { keys } from "$ipc/queries";

/** What the frame shows and every screen may ask: keyring, sandbox, settings, runs that are going on. */
export function useAppState() {
  return createQuery(() => ({ queryKey: keys.app, queryFn: () => call("app_state", {}) }));
}
