import { call } from "$ipc/call";
import type { AppState } from "$ipc/gen/app";
import type { Theme } from "$ipc/gen/settings";
import { showFailure } from "$failure/show";
import { router, type ScreenName } from "./router.svelte";

/** What the palette asks for: anything, or the client that something is to be done with. */
export type PaletteQuestion = "anything" | "logIn" | "rotate";

/** Something a person can do from anywhere. The palette offers it, and its keys do it at once. */
export interface Action {
  /** By which the palette remembers it. */
  name: string;
  label: string;
  /** Other words that one may look for it by. */
  also?: string;
  /** As they are written for a person: "?", "Ctrl K", "Ctrl Shift S". */
  keys?: string;
  /** It makes sense only where its keys are pressed: the palette does not offer it. */
  byKeysOnly?: true;
  perform: () => void;
}

/** What only the frame can do. */
export interface FrameHands {
  ask: (question: PaletteQuestion) => void;
  search: () => void;
  /** Presses the one button that goes on with what is in hand. */
  goOn: () => void;
  help: () => void;
}

const opens = (screen: ScreenName, ...rest: string[]) => () => router.go(screen, ...rest);

const themeWords: Record<Theme, string> = { system: "Theme: as the desktop", light: "Theme: light", dark: "Theme: dark" };

function switchSandbox(running: boolean): void {
  const asked = running ? call("sandbox_stop", {}) : call("sandbox_start", { port: null, autoApprove: null, gitterAsEngine: false });
  asked.catch(showFailure);
}

/** The themes there are, without the one that is on. */
function themes({ settings }: AppState): Action[] {
  const others = (["light", "dark", "system"] as const).filter((theme) => theme !== settings.theme);
  return others.map((theme) => ({
    name: `theme-${theme}`,
    label: themeWords[theme],
    also: "appearance colours bright night",
    perform: () => void call("settings_change", { ...settings, theme }).catch(showFailure),
  }));
}

/** Everything that can be done from anywhere: one table for the keys, the palette, and the list of keys. */
export function actionsOf(app: AppState | undefined, { ask, search, goOn, help }: FrameHands): Action[] {
  const running = app?.sandbox.running ?? false;
  return [
    { name: "logIn", label: "Log in with …", also: "start a login run test", keys: "Ctrl L", perform: () => ask("logIn") },
    { name: "walk", label: "Walk a plan", also: "start new scenarios consent test", keys: "Ctrl G", perform: opens("walks", "plans") },
    { name: "goOn", label: "In a walk: start the scenario, or go to the next", keys: "Ctrl Enter", byKeysOnly: true, perform: goOn },
    { name: "newClient", label: "New client", also: "create register app", keys: "Ctrl N", perform: opens("clients", "new") },
    { name: "enterClient", label: "Enter a client that exists already", also: "new add paste id secret", perform: opens("clients", "new", "enter") },
    { name: "rotate", label: "Rotate the secret of …", also: "start a rotation replace", keys: "Ctrl Shift R", perform: () => ask("rotate") },
    { name: "sandbox", label: running ? "Stop the sandbox" : "Start the sandbox", also: "twins switch on off", keys: "Ctrl Shift S", perform: () => switchSandbox(running) },
    { name: "import", label: "Import clients", also: "file read take in", keys: "Ctrl I", perform: opens("clients", "import") },
    { name: "export", label: "Export clients", also: "file write hand on share", keys: "Ctrl Shift E", perform: opens("clients", "export") },
    { name: "whichSecret", label: "Which secret is this?", also: "find fingerprint search leaked", perform: opens("clients", "which") },
    { name: "backUp", label: "Make a backup", also: "back up save everything", keys: "Ctrl Shift B", perform: opens("settings", "backup") },
    { name: "restore", label: "Restore a backup", also: "bring back", perform: opens("settings", "restore") },
    { name: "audit", label: "Who did what", also: "audit trail log history", perform: opens("audit") },
    ...(app ? themes(app) : []),
    { name: "search", label: "Search the list", keys: "/", perform: search },
    { name: "palette", label: "Find anything", keys: "Ctrl K", byKeysOnly: true, perform: () => ask("anything") },
    { name: "help", label: "Keyboard shortcuts", also: "keys help", keys: "?", perform: help },
  ];
}
