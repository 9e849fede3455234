import { createQueries, createQuery, keepPreviousData, type QueryKey } from "@tanstack/svelte-query";

/** Rows of one request. */
const PAGE = 100;

interface Page {
  rows: readonly unknown[];
  total: number;
}

/** Where a long list comes from: the key of its cache, and how one page is fetched. */
export interface PageSource<Head extends Page> {
  key: QueryKey;
  fetch: (offset: number, limit: number) => Promise<Head>;
}

/** How the first page of a list is asked for. */
export function firstPage<Head extends Page>({ key, fetch }: PageSource<Head>) {
  return { queryKey: [...key, 0], queryFn: (): Promise<Page> => fetch(0, PAGE) };
}

/**
 * A list of any length, fetched in pages as they come into sight. The first page is always kept: it also says how many rows
 * there are. While a changed search is under way the old rows stay, so that the list does not flicker with every letter.
 */
export function usePages<Head extends Page>(source: () => PageSource<Head>) {
  let range = $state.raw<readonly number[]>([]);

  const first = createQuery(() => ({ ...firstPage(source()), placeholderData: keepPreviousData }));
  const head = $derived(first.data as Head | undefined);
  const further = createQueries(() => {
    const { key, fetch } = source();
    return { queries: range.map((page) => ({ queryKey: [...key, page], queryFn: (): Promise<Page> => fetch(page * PAGE, PAGE) })) };
  });

  return {
    get head() {
      return head;
    },
    get error() {
      return first.error;
    },
    get loading() {
      return first.isPending;
    },
    get count() {
      return head?.total ?? 0;
    },
    /** The row at a place, or undefined while its page is on its way. */
    row(index: number): Head["rows"][number] | undefined {
      const page = Math.floor(index / PAGE);
      const rows = page === 0 ? head?.rows : further[range.indexOf(page)]?.data?.rows;
      return rows?.[index % PAGE];
    },
    /** Says which places are in sight. */
    show(first: number, last: number): void {
      const next: number[] = [];
      for (let page = Math.floor(first / PAGE); page <= Math.floor(last / PAGE); page += 1) if (page > 0) next.push(page);
      if (next.join() !== range.join()) range = next;
    },
  };
}
