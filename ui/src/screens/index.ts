import type { Component } from "svelte";
import type { ScreenName } from "$frame/router.svelte";
import Clients from "./Clients.svelte";

/** One file per screen, loaded when it is first opened: `Results.svelte` is the screen "results". */
const files = import.meta.glob<{ default: Component }>(["./*.svelte", "!./Clients.svelte"]);

/** The clients come with the frame: they are what a start shows, and every file more is waited for. */
export const screenModules: Partial<Record<ScreenName, () => Promise<{ default: Component }>>> = {
  clients: () => Promise.resolve({ default: Clients }),
  ...Object.fromEntries(
    Object.entries(files).map(([path, load]) => [path.slice(2, -".svelte".length).toLowerCase(), load]),
  ),
};
