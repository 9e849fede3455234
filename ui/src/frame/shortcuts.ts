import type { Action } from "./actions";
import { screens, type RailScreen } from "./router.svelte";

/** What a key means for the whole window: a screen to open, or something to do. */
export type Shortcut = { kind: "screen"; screen: RailScreen } | { kind: "action"; action: Action };

/** Somebody is typing: plain keys belong to the field. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null;
}

/** The keys that are down, as the table of actions writes them: "?", "Ctrl K", "Ctrl Enter". Cmd counts as Ctrl. */
function pressed(event: KeyboardEvent): string {
  const letter = /^[a-z]$/i.test(event.key);
  return [event.ctrlKey || event.metaKey ? "Ctrl" : "", event.shiftKey && letter ? "Shift" : "", letter ? event.key.toUpperCase() : event.key].filter(Boolean).join(" ");
}

/** What a key press asks for, if it is one of ours: with Ctrl or Cmd always, single keys outside of fields. */
export function shortcutOf(event: KeyboardEvent, actions: readonly Action[]): Shortcut | undefined {
  if (event.altKey || event.isComposing) return undefined;
  if (!event.ctrlKey && !event.metaKey && isTyping(event.target)) return undefined;
  const screen = /^[1-9]$/.test(event.key) ? screens[Number(event.key) - 1] : undefined;
  if (screen) return { kind: "screen", screen };
  const keys = pressed(event);
  const action = actions.find((one) => one.keys === keys);
  return action && { kind: "action", action };
}

/** Whether this computer's keyboard has Cmd where others have Ctrl. */
const hasCommandKey = /mac/i.test(navigator.platform);

/** What stands on the two keys where there is no Cmd. */
const keyWords = { control: "Ctrl", shift: "Shift" };

/** Keys as they stand on this computer's keyboard. */
export function keysHere(keys: string): string {
  return hasCommandKey ? keys.replace("Ctrl", "⌘").replace("Shift", "⇧") : keys.replace("Ctrl", keyWords.control).replace("Shift", keyWords.shift);
}

/** Keys as `aria-keyshortcuts` wants them: "Control+Shift+S". */
export function keysHeard(keys: string): string {
  return keys.replace("Ctrl", hasCommandKey ? "Meta" : "Control").replaceAll(" ", "+");
}
