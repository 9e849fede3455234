import { call } from "$ipc/call";
import { showFailure } from "$failure/show";
import { toasts } from "$kit/toasts.svelte";

/** Removes a place that uses a secret and offers to take that back for as long as the backend keeps it. */
export async function removeDeployment(deployment: string): Promise<void> {
  try {
    const { what, undoMs } = await call("deployment_remove", { deployment });
    toasts.show({
      text: `Removed “${what}”.`,
      seconds: undoMs / 1000,
      action: { label: "Undo", run: () => void call("deployment_restore", { deployment }).catch(showFailure) },
    });
  } catch (cause) {
    showFailure(cause);
  }
}
