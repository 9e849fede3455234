import { toasts } from "$kit/toasts.svelte";
import { call } from "$ipc/call";
import type { Deleted } from "$ipc/gen/client";
import { showFailure } from "$failure/show";
import { router } from "$frame/router.svelte";

/** Deletes something, leaves its page, and offers to take that back for as long as the backend keeps it. */
async function remove(deletion: Promise<Deleted>, restore: () => Promise<unknown>, ...back: string[]): Promise<void> {
  try {
    const { what, undoMs } = await deletion;
    router.go("walks", ...back);
    toasts.show({ text: `Deleted “${what}”.`, seconds: undoMs / 1000, action: { label: "Undo", run: () => void restore().catch(showFailure) } });
  } catch (cause) {
    showFailure(cause);
  }
}

/** Deletes a walk with all that was found; its logins stay in Results. */
export const deleteWalk = (walk: string) => remove(call("walk_delete", { walk }), () => call("walk_restore", { walk }));

/** Deletes a plan of the person's own; walks that followed it stay. */
export const deletePlan = (plan: string) => remove(call("walk_plan_delete", { plan }), () => call("walk_plan_restore", { plan }), "plans");
