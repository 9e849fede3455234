import { toasts } from "$kit/toasts.svelte";
import { call, CommandFailed } from "$ipc/call";
import { router } from "$frame/router.svelte";
import { presentation, type FailureAction, type Presentation } from "./presentation";

const tones = { info: "accent", warning: "warn", error: "bad" } as const;

/** The tone of a failure's message. */
export function toneOf({ severity }: Presentation) {
  return tones[severity];
}

/** Does what a failure's button says. */
export function runAction(action: FailureAction): void {
  if (action.kind === "open") router.go(action.screen);
  else void call("sandbox_start", { port: null, autoApprove: null, gitterAsEngine: false }).catch(showFailure);
}

/** Shows a failure as a message at the bottom of the window: for what has no better place, such as a form field. */
export function showFailure(cause: unknown): void {
  if (!(cause instanceof CommandFailed)) throw cause;
  const row = presentation[cause.code];
  const { action } = row;
  toasts.show({
    tone: toneOf(row),
    text: cause.message,
    seconds: 10,
    ...(cause.hint ? { hint: cause.hint } : {}),
    ...(action ? { action: { label: action.label, run: () => runAction(action) } } : {}),
  });
}
