import { createQuery } from "@tanstack/svelte-query";
import { untrack } from "svelte";
import { call } from "$ipc/call";
import type { PathWanted } from "$ipc/gen/path";
import { keys, type Drop } from "$ipc/queries";

/** Asks for a file or folder in the desktop's own dialog. Nothing when it was closed. */
export async function choosePath(wanted: PathWanted, title: string, name: string | null = null): Promise<string | undefined> {
  const { path } = await call("path_choose", { wanted, title, name });
  return path ?? undefined;
}

/** Calls `take` with the files and folders that are dropped on the window while the component is there. */
export function onPathsDropped(take: (paths: readonly string[]) => void): void {
  const dropped = createQuery<Drop>(() => ({ queryKey: keys.pathsDropped, enabled: false }));
  // What was dropped before the component was there is not meant for it.
  let last = untrack(() => dropped.data?.number);
  $effect(() => {
    const now = dropped.data;
    if (now === undefined || now.number === last) return;
    last = now.number;
    untrack(() => take(now.paths));
  });
}
