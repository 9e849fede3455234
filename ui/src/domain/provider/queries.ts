import { createQuery } from "@tanstack/svelte-query";
import { call } from "$ipc/call";
import { keys } from "$ipc/queries";

/** Every provider, the built-in ones first. */
export function useProviders() {
  return createQuery(() => ({ queryKey: [...keys.providers, "list"], queryFn: () => call("provider_list", {}) }));
}

/** What one profile says. */
export function useProvider(id: () => string) {
  return createQuery(() => {
    const provider = id();
    return { queryKey: [...keys.providers, "show", provider], queryFn: () => call("provider_show", { provider }) };
  });
}
