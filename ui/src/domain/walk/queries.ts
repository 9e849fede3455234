import { createQuery, useQueryClient } from "@tanstack/svelte-query";
import { call } from "$ipc/call";
import type { WalkDetail, WalkList, WalkQuery } from "$ipc/gen/walk";
import { usePages } from "$ipc/pages.svelte";
import { keys } from "$ipc/queries";

/** Every plan, the ready ones first, and where the person's own are. */
export function usePlans() {
  return createQuery(() => ({ queryKey: [...keys.walks, "plans"], queryFn: () => call("walk_plans", {}) }));
}

/** One plan with its scenarios. */
export function usePlan(id: () => string) {
  return createQuery(() => {
    const plan = id();
    return { queryKey: [...keys.walks, "plan", plan], queryFn: () => call("walk_plan_show", { plan }) };
  });
}

/** The walks that match, newest first, page by page. */
export function useWalks(query: () => Omit<WalkQuery, "offset" | "limit">) {
  return usePages<WalkList>(() => {
    const asked = query();
    return { key: [...keys.walks, "list", asked], fetch: (offset, limit) => call("walk_list", { ...asked, offset, limit }) };
  });
}

const walkKey = (walk: string) => [...keys.walks, "show", walk];

/** One walk with its scenarios. */
export function useWalk(id: () => string) {
  return createQuery(() => ({ queryKey: walkKey(id()), queryFn: () => call("walk_show", { walk: id() }) }));
}

/** Keeps what a command said of a walk, so that the window shows it at once. */
export function useKeepWalk(): (walk: WalkDetail) => void {
  const client = useQueryClient();
  return (walk) => client.setQueryData(walkKey(walk.row.id), walk);
}
