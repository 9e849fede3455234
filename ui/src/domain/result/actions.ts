import { toasts } from "$kit/toasts.svelte";
import { choosePath } from "$domain/handover/paths.svelte";
import { tellWritten } from "$domain/place/show";
import { call } from "$ipc/call";
import type { DiagramKind } from "$ipc/gen/result";
import { showFailure } from "$failure/show";

/** Deletes runs and offers to take that back for as long as the backend keeps them. */
export async function deleteRuns(runs: string[]): Promise<boolean> {
  try {
    const { what, undoMs } = await call("run_delete", { runs });
    toasts.show({
      text: `Deleted ${what}.`,
      seconds: undoMs / 1000,
      action: { label: "Undo", run: () => void call("run_restore", { runs }).catch(showFailure) },
    });
    return true;
  } catch (cause) {
    showFailure(cause);
    return false;
  }
}

/** Draws a run into a file that the person chooses. */
export async function saveDiagram(run: string, kind: DiagramKind, ending: string): Promise<void> {
  try {
    const path = await choosePath("newFile", "Save the diagram", `${kind}.${ending}`);
    if (path === undefined) return;
    await call("run_diagram_save", { run, kind, path });
    tellWritten("diagram", path, { text: "The diagram is saved.", hint: path });
  } catch (cause) {
    showFailure(cause);
  }
}

/** Puts a token of a run on the clipboard, without it ever coming into the window. */
export async function copyToken(run: string, token: string): Promise<void> {
  const { clearAfterMs } = await call("token_copy", { run, token });
  toasts.show({ tone: "ok", text: "The token is on the clipboard.", hint: `It is cleared in ${Math.round(clearAfterMs / 1000)} seconds.` });
}
