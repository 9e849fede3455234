import { createQuery } from "@tanstack/svelte-query";
import { call } from "$ipc/call";
import { keys } from "$ipc/queries";

/** Key of the faults, under the sandbox's own: starting and stopping it makes both old. */
export const faultsKey = [...keys.sandbox, "faults"] as const;

/** What the twins can do wrong, what they are to do wrong, and what they did. */
export function useFaults() {
  return createQuery(() => ({ queryKey: faultsKey, queryFn: () => call("sandbox_faults", {}) }));
}

/** Whether the sandbox runs, where, its people and its twins. */
export function useSandbox() {
  return createQuery(() => ({ queryKey: keys.sandbox, queryFn: () => call("sandbox_state", {}) }));
}
