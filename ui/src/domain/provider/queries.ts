import { createQuery } from "@tanstack/svelte-query";
import { call } from "$ipc/call";
import { keys } from "$ipc/queries";

/** Every provider, the built-in ones first. */
export function useProviders() {
  return createQuery(() => ({ queryKey: [...keys.providers, "list"], queryFn: () => call("provider_list", {}) }));
}
