import { screen } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, test } from "vitest";
import { speak } from "$texts/language.svelte";
import type { ScreenName } from "$frame/router.svelte";
import { appState } from "../../dev/sample-app";
import { axeFindings } from "../../tests/axe";
import { openWindow } from "../../tests/window";
import { readGerman } from "../../texts/catalog.ts";

/** English messages that have another German. Where something is put in, the page says another thing than the message. */
const entries = [...readGerman().values()].map(({ english, german: [german = ""] }) => ({ english, german }));
const germans = new Set(entries.map(({ german }) => german));
const englishOnly = new Set(entries.map(({ english }) => english).filter((english) => !/[{<#]/.test(english) && !germans.has(english)));

/** Everything on the page that is read or heard; code is no language of people. */
function said(): string[] {
  const texts: string[] = [];
  const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (nodes.nextNode()) {
    const node = nodes.currentNode as Text;
    if (!node.parentElement?.closest("code, pre, kbd, style")) texts.push(node.data);
  }
  for (const name of ["aria-label", "title", "placeholder"]) {
    for (const element of document.querySelectorAll(`[${name}]`)) texts.push(element.getAttribute(name) ?? "");
  }
  return texts.map((text) => text.replaceAll(/\s+/g, " ").trim());
}

beforeEach(() => speak("german"));
afterEach(() => speak("english"));

test.each<[string, ...[ScreenName, ...string[]]]>([
  ["Clients", "clients"],
  ["Login", "login"],
  ["Durchgänge", "walks"],
  ["Ergebnisse", "results"],
  ["Rotation", "rotation"],
  ["Provider", "providers"],
  ["Sandbox", "sandbox"],
  ["Einstellungen", "settings"],
  ["Protokoll", "audit"],
  ["Willkommen bei Gatewright", "welcome"],
])("%s is German through and through, and axe finds nothing", async (title, ...at) => {
  openWindow(at, { app_state: () => ({ ...appState, language: "german" }) });
  expect(await screen.findByRole("heading", { level: 1, name: title })).toBeVisible();
  expect(said().filter((text) => englishOnly.has(text))).toEqual([]);
  expect(await axeFindings()).toEqual([]);
});
