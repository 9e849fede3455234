import { createQuery, useQueryClient } from "@tanstack/svelte-query";
import { call } from "$ipc/call";
import type { RotationBoard, RotationDetail, RotationFilter } from "$ipc/gen/rotation";
import { usePages } from "$ipc/pages.svelte";
import { keys } from "$ipc/queries";

/** The secrets of all owned clients, those that are due longest first, page by page. */
export function useBoard(only: () => RotationFilter) {
  return usePages<RotationBoard>(() => {
    const asked = only();
    return { key: [...keys.rotations, "board", asked], fetch: (offset, limit) => call("rotation_board", { only: asked, offset, limit }) };
  });
}

/** How many secrets are due, for the rail. */
export function useDue() {
  const query = createQuery(() => ({ queryKey: [...keys.rotations, "due"], queryFn: () => call("rotation_board", { only: "due", offset: 0, limit: 1 }) }));
  return { get count() { return query.data?.due ?? 0; } };
}

/** How a client's secret could be rotated. */
export function useOptions(client: () => string) {
  return createQuery(() => ({ queryKey: [...keys.rotations, "options", client()], queryFn: () => call("rotation_options", { client: client() }) }));
}

const rotationKey = (rotation: string) => [...keys.rotations, "show", rotation];

/** One rotation with its runbook. */
export function useRotation(id: () => string) {
  return createQuery(() => ({ queryKey: rotationKey(id()), queryFn: () => call("rotation_show", { rotation: id() }) }));
}

/** Keeps what a command said of a rotation, so that the runbook shows it at once. */
export function useKeep(): (rotation: RotationDetail) => void {
  const client = useQueryClient();
  return (rotation) => client.setQueryData(rotationKey(rotation.id), rotation);
}
