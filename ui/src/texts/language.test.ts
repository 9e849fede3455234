import { screen, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { emit } from "@tauri-apps/api/event";
import { afterEach, expect, test } from "vitest";
import type { Language } from "$ipc/gen/settings";
import { age, ago, counted, date, decimal, duration, instant, moment, number } from "$domain/words";
import { appState } from "../../dev/sample-app";
import { openWindow } from "../../tests/window";
import { language, speak, speakKept } from "./language.svelte";

afterEach(async () => {
  await speak("english");
  localStorage.clear();
});

test("the window speaks the language that is chosen in the settings at once, and the keyboard stays where it was", async () => {
  let spoken: Language = "english";
  const { asked } = openWindow(["settings"], {
    app_state: () => ({ ...appState, language: spoken, settings: { ...appState.settings, language: spoken } }),
    settings_change: (settings) => {
      spoken = settings.language === "german" ? "german" : "english";
      void emit("gatewright", { kind: "settingsChanged" });
      return settings;
    },
  });
  await userEvent.selectOptions(await screen.findByRole("combobox", { name: "Language" }), "Deutsch");
  expect(await screen.findByRole("heading", { level: 1, name: "Einstellungen" })).toBeVisible();
  expect(document.documentElement.lang).toBe("de");
  expect(document.title).toBe("Einstellungen · Gatewright");
  expect(within(screen.getByRole("navigation")).getByText("Durchgänge")).toBeVisible();
  const choice = await screen.findByRole("combobox", { name: "Sprache" });
  expect(choice).toHaveFocus();
  // What the backend said before was said in the other language.
  expect(asked("app_state").length).toBeGreaterThan(1);

  await userEvent.selectOptions(choice, "English");
  expect(await screen.findByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
  expect(document.documentElement.lang).toBe("en");
});

test("a start speaks the language of the last time before the settings are there", async () => {
  await speak("german");
  await speak("english");
  localStorage.setItem("gatewright.language", "german");
  await speakKept();
  expect(language.current).toBe("german");
});

test("numbers, dates and times are written as each language writes them", async () => {
  const at = "2025-10-11T09:12:04";
  const written = () => [number(12_345), decimal(1.25), date(at), moment(at), instant(at), duration(1234)];
  expect(written()).toEqual(["12,345", "1.3", "11 Oct 2025", "11 Oct, 09:12:04", "11 Oct 2025, 09:12:04", "1.2 s"]);
  await speak("german");
  expect(written()).toEqual(["12.345", "1,3", "11. Okt. 2025", "11. Okt., 09:12:04", "11. Okt. 2025, 09:12:04", "1,2 s"]);
});

test("how long ago something was is said in each language", async () => {
  const noon = Date.parse("2026-01-01T12:00:00Z");
  const said = () => [age("2026-01-01T11:59:30Z", noon), ago("2026-01-01T11:50:00Z", noon), ago("2026-01-01T11:59:30Z", noon)];
  expect(said()).toEqual(["now", "10 min ago", "just now"]);
  await speak("german");
  expect(said()).toEqual(["jetzt", "vor 10 min", "gerade eben"]);
});

test.each([
  [0, "0 Läufe"],
  [1, "1 Lauf"],
  [2, "2 Läufe"],
  [1200, "1.200 Läufe"],
])("%d runs are counted in German as %j", async (count, words) => {
  await speak("german");
  expect(counted(count, ["# Lauf", "# Läufe"])).toBe(words);
});
