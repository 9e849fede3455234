import { createQuery } from "@tanstack/svelte-query";
import { call } from "$ipc/call";
import { keys } from "$ipc/queries";
import { usePages } from "$ipc/pages.svelte";
import type { ClientSearch } from "./search";

/** The list of clients that match a search, page by page. */
export function useClients(search: () => ClientSearch) {
  return usePages(() => {
    const asked = search();
    return { key: [...keys.clients, "list", asked], fetch: (offset, limit) => call("client_list", { ...asked, offset, limit }) };
  });
}

/** One client with everything the detail shows. */
export function useClient(id: () => string) {
  return createQuery(() => {
    const client = id();
    return { queryKey: [...keys.clients, "show", client], queryFn: () => call("client_show", { client }) };
  });
}
