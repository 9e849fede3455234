import { call, CommandFailed } from "$ipc/call";
import type { KnownPlace } from "$ipc/gen/path";
import { toasts } from "$kit/toasts.svelte";

/** Says at the bottom of the window that something was written, with a button that shows it there. Where the desktop cannot, the path can be copied. */
export function tellWritten(known: KnownPlace, path: string, message: { text: string; hint?: string }): void {
  toasts.show({ tone: "ok", seconds: 10, ...message, action: { label: "Show in folder", run: () => void show(known, path) } });
}

async function show(known: KnownPlace, path: string): Promise<void> {
  try {
    await call("place_show", { known });
  } catch (cause) {
    if (!(cause instanceof CommandFailed)) throw cause;
    const action = { label: "Copy the path", run: () => void navigator.clipboard.writeText(path) };
    toasts.show({ tone: "warn", seconds: 20, text: cause.message, hint: cause.hint ?? "", action });
  }
}
