import { createQuery, keepPreviousData, type QueryKey } from "@tanstack/svelte-query";
import { call } from "$ipc/call";
import type { ObservationPlace } from "$ipc/gen/observation";
import { keys } from "$ipc/queries";

/** Every provider, the built-in ones first. */
export function useProviders() {
  return createQuery(() => ({ queryKey: [...keys.providers, "list"], queryFn: () => call("provider_list", {}) }));
}

/** Key of one provider, where an answer that carries the whole of it can be written. */
export const providerKey = (provider: string): QueryKey => [...keys.providers, "show", provider];

/** What runs at one server have shown of a profile; a run that ends may show more. */
export function useObservations(place: () => ObservationPlace) {
  return createQuery(() => {
    const asked = place();
    return { queryKey: [...keys.runs, "observations", asked], queryFn: () => call("observations_show", asked), placeholderData: keepPreviousData };
  });
}

/** What one profile says. */
export function useProvider(id: () => string) {
  return createQuery(() => {
    const provider = id();
    return { queryKey: providerKey(provider), queryFn: () => call("provider_show", { provider }) };
  });
}
