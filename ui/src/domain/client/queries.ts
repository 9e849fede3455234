import { createQuery } from "@tanstack/svelte-query";
import { call } from "$ipc/call";
import { keys } from "$ipc/queries";
import { firstPage, usePages } from "$ipc/pages.svelte";
import { readSearch, type ClientSearch } from "./search";

const matching = (asked: ClientSearch) => ({
  key: [...keys.clients, "list", asked],
  fetch: (offset: number, limit: number) => call("client_list", { ...asked, offset, limit }),
});

/** The list of clients that match a search, page by page. */
export function useClients(search: () => ClientSearch) {
  return usePages(() => matching(search()));
}

/** How the first page of the list is asked for when nothing is searched: what a start shows. */
export const allClients = firstPage(matching(readSearch("", [])));

/** One client with everything the detail shows. */
export function useClient(id: () => string) {
  return createQuery(() => {
    const client = id();
    return { queryKey: [...keys.clients, "show", client], queryFn: () => call("client_show", { client }) };
  });
}
