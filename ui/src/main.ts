import { mount } from "svelte";
import { newQueryClient } from "$ipc/queries";
import { fetchAhead } from "$frame/ahead";
import { appState } from "$frame/app-state";
import { router } from "$frame/router.svelte";
import { applyKeptTheme } from "$frame/theme";
import { language, speak, speakKept } from "$texts/language.svelte";
import { allClients } from "$domain/client/queries";
import { screenModules } from "$screens/index";
import App from "./App.svelte";
import "./styles/tokens.css";
import "./styles/fonts.css";
import "./styles/base.css";
import "./styles/choices.css";

applyKeptTheme();
/** How long the first picture waits for what it shows, in milliseconds. Past that it is drawn without, which a person sees. */
const PATIENCE = 400;

/** Shows the window. Not awaited by this file: a screen's own file needs this one, and would wait until it is through. */
async function start(target: HTMLElement): Promise<void> {
  // Beside the first commands, so that nothing waits for it alone.
  const words = speakKept();
  const client = newQueryClient();
  const first: (Promise<unknown> | undefined)[] = [client.prefetchQuery(appState), screenModules[router.screen]?.()];
  if (router.screen === "clients") first.push(client.prefetchQuery(allClients));
  // A picture of the empty frame would only take the time in which the full one could be drawn.
  await Promise.race([Promise.allSettled(first), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
  await words;
  const known = client.getQueryData(appState.queryKey);
  if (known && (await speak(known.language))) language.takeSwitch();
  mount(App, { target, props: { client } });
  fetchAhead([() => import("$domain/client/OpenClient.svelte"), ...Object.values(screenModules), () => import("$domain/client/CreateDialog.svelte")]);
}

const target = document.getElementById("app");
if (!target) throw new Error("The page has no place for the application.");
void start(target);
