import type { Component } from "svelte";
import type { ScreenName } from "$frame/router.svelte";

/** One file per screen, loaded when it is first opened: `Clients.svelte` is the screen "clients". */
const files = import.meta.glob<{ default: Component }>("./*.svelte");

export const screenModules: Partial<Record<ScreenName, () => Promise<{ default: Component }>>> = Object.fromEntries(
  Object.entries(files).map(([path, load]) => [path.slice(2, -".svelte".length).toLowerCase(), load]),
);
