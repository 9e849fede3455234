import { createQuery } from "@tanstack/svelte-query";
import { call } from "$ipc/call";
import type { RunQuery } from "$ipc/gen/run";
import { usePages } from "$ipc/pages.svelte";
import { keys, runKey } from "$ipc/queries";

/** What the list of runs is narrowed to, without the page. */
export type RunSearch = Omit<RunQuery, "offset" | "limit">;

/** Nothing the list is narrowed to. */
export const everyRun: RunSearch = { search: "", client: null, provider: null, environment: null, verdict: null, browser: null, testUser: null, tag: null };

/** Where the tags that are in use stand in the cache. */
export const tagsKey = [...keys.runs, "tags"];

/** The runs that match, newest first, page by page. */
export function useRuns(search: () => RunSearch) {
  return usePages(() => {
    const asked = search();
    return { key: [...keys.runs, "list", asked], fetch: (offset, limit) => call("run_list", { ...asked, offset, limit }) };
  });
}

/** One run with its steps, or nothing where none is asked for; while it goes on, every progress event brings it up to date. */
export function useRun(id: () => string | undefined) {
  return createQuery(() => {
    const run = id() ?? "";
    return { queryKey: runKey(run), queryFn: () => call("run_show", { run }), enabled: run !== "" };
  });
}
