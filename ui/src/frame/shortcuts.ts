import { screens, type RailScreen } from "./router.svelte";

/** What a key means for the whole window. */
export type Shortcut = { kind: "screen"; screen: RailScreen } | { kind: "search" } | { kind: "help" };

/** Somebody is typing: plain keys belong to the field. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null;
}

/** What a key press asks for, if it is one of ours: Ctrl or Cmd with a number always, single keys outside of fields. */
export function shortcutOf(event: KeyboardEvent): Shortcut | undefined {
  if (event.altKey || event.isComposing) return undefined;
  const command = event.ctrlKey || event.metaKey;
  if (!command && isTyping(event.target)) return undefined;
  const screen = /^[1-9]$/.test(event.key) ? screens[Number(event.key) - 1] : undefined;
  if (screen) return { kind: "screen", screen };
  if (command) return undefined;
  if (event.key === "/") return { kind: "search" };
  if (event.key === "?") return { kind: "help" };
  return undefined;
}
