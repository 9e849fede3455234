import { screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { emit } from "@tauri-apps/api/event";
import { describe, expect, test } from "vitest";
import { EVENT_NAME } from "$ipc/events";
import { appState } from "../../dev/sample-app";
import { fail } from "../../dev/backend";
import { axeFindings } from "../../tests/axe";
import { openWindow } from "../../tests/window";
import { href, router } from "./router.svelte";

describe("the keys of the window", () => {
  test("open screens by number, but not while somebody types a number", async () => {
    openWindow(["clients"]);
    await screen.findByRole("row", { name: /Guild bot/ });
    await userEvent.keyboard("4");
    expect(router.screen).toBe("results");
    await userEvent.click(await screen.findByRole("searchbox"));
    await userEvent.keyboard("1");
    expect(router.screen).toBe("results");
    await userEvent.keyboard("{Control>}2{/Control}");
    expect(router.screen).toBe("login");
  });

  test("are listed by the question mark and rest while a dialog is open", async () => {
    openWindow(["clients"]);
    await screen.findByRole("row", { name: /Guild bot/ });
    await userEvent.keyboard("?");
    expect(await screen.findByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
    expect(await axeFindings()).toEqual([]);
    await userEvent.keyboard("2");
    expect(router.screen).toBe("clients");
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  });

  test("skip the rail", async () => {
    openWindow(["clients"]);
    await userEvent.click(screen.getByRole("link", { name: "Skip to the content" }));
    expect(screen.getByRole("main")).toHaveFocus();
  });
});

test("a text that has no room tells the whole of it to who points at it", async () => {
  openWindow(["clients"]);
  const name = await screen.findByRole("heading", { level: 1, name: "Clients" });
  name.style.textOverflow = "ellipsis";
  Object.defineProperty(name, "scrollWidth", { value: name.clientWidth + 1 });
  await userEvent.hover(name);
  expect(name).toHaveAttribute("title", "Clients");
});

describe("the rail", () => {
  test("says how the sandbox and the keyring stand, and hears when that changes", async () => {
    let state = appState;
    openWindow(["clients"], { app_state: () => state });
    expect(await screen.findByRole("link", { name: /Sandbox on/ })).toBeVisible();
    expect(screen.getByRole("link", { name: "Keyring: unlocked" })).toBeVisible();
    state = {
      ...appState,
      sandbox: { ...appState.sandbox, running: false },
      keyring: { status: "absent", message: "There is no keyring.", hint: null, sessionSecrets: 2, movingSecrets: 0 },
    };
    await emit(EVENT_NAME, { kind: "keyringChanged" });
    expect(await screen.findByRole("link", { name: /Sandbox off/ })).toBeVisible();
    expect(screen.getByRole("link", { name: /Keyring: none session only/ })).toBeVisible();
    state = { ...state, keyring: { ...appState.keyring, movingSecrets: 1 } };
    await emit(EVENT_NAME, { kind: "keyringChanged" });
    expect(await screen.findByRole("link", { name: /Keyring: unlocked check it/ })).toBeVisible();
  });

  test("marks the screen that is open and remembers it for the next start", async () => {
    openWindow(["results"]);
    expect(await screen.findByRole("link", { name: /Results/, current: "page" })).toHaveAttribute("href", href("results"));
    expect(localStorage.getItem("gatewright.screen")).toBe("results");
  });
});

describe("the window", () => {
  test("wears the theme of the settings", async () => {
    openWindow(["clients"], { app_state: () => ({ ...appState, settings: { ...appState.settings, theme: "dark" } }) });
    await waitFor(() => expect(document.documentElement.dataset["theme"]).toBe("dark"));
  });

  test("says what went wrong at start until that was understood", async () => {
    openWindow(["clients"], { app_state: () => ({ ...appState, notices: [{ message: "The database can only be read.", hint: "Check the rights." }] }) });
    expect(await screen.findByText("The database can only be read.")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Understood" }));
    expect(screen.queryByText("The database can only be read.")).not.toBeInTheDocument();
  });

  test("shows nothing but the reason when Gatewright cannot work at all", async () => {
    openWindow(["clients"], { app_state: () => ({ ...appState, fatal: { message: "The database was made by a newer Gatewright.", hint: "Update." } }) });
    expect(await screen.findByRole("alert")).toHaveTextContent("The database was made by a newer Gatewright.");
    expect(screen.queryByRole("grid")).not.toBeInTheDocument();
  });

  test("keeps working when its other half fails", async () => {
    openWindow(["clients"], { client_list: () => fail({ code: "internal", message: "The local database did not answer." }) });
    expect(await screen.findByText("The local database did not answer.")).toBeVisible();
  });
});
