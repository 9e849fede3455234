import { createQuery } from "@tanstack/svelte-query";
import { call } from "$ipc/call";
import { keys } from "$ipc/queries";

/** Whether the sandbox runs, where, its people and its twins. */
export function useSandbox() {
  return createQuery(() => ({ queryKey: keys.sandbox, queryFn: () => call("sandbox_state", {}) }));
}
