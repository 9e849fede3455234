import { screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import { fail } from "../../../dev/backend";
import { appState } from "../../../dev/sample-app";
import { axeFindings } from "../../../tests/axe";
import { openWindow } from "../../../tests/window";
import { router } from "../router.svelte";

/** Opens the window and, by its keys, the palette. */
async function openPalette(answers: Parameters<typeof openWindow>[1] = {}) {
  const view = openWindow(["sandbox"], answers);
  await screen.findByRole("link", { name: /Sandbox on/ });
  await userEvent.keyboard("{Control>}k{/Control}");
  const field = await screen.findByRole("combobox", { name: "Find a client, run, walk, screen or action" });
  return { ...view, field };
}
const option = (name: RegExp | string) => screen.findByRole("option", { name });
const active = (field: HTMLElement) => document.getElementById(field.getAttribute("aria-activedescendant") ?? "");

describe("the palette", () => {
  test("has the keyboard, offers actions and screens with their keys, and is right for people who listen", async () => {
    const { field } = await openPalette();
    expect(field).toHaveFocus();
    expect(await option(/Log in with …/)).toHaveAttribute("aria-keyshortcuts", "Control+L");
    expect(within(screen.getByRole("group", { name: "Screens" })).getByRole("option", { name: /Results/ })).toHaveTextContent(/\d/);
    expect(active(field)).toHaveTextContent("Log in with …");
    expect(await axeFindings()).toEqual([]);
  });

  test("opens a client that was typed, and has it first the next time", async () => {
    const { field } = await openPalette();
    await userEvent.type(field, "guild{Enter}");
    await waitFor(() => expect([router.screen, ...router.rest]).toEqual(["clients", "c2"]));
    expect(screen.queryByRole("combobox", { name: /Find/ })).not.toBeInTheDocument();
    await userEvent.keyboard("{Control>}k{/Control}");
    expect(within(await screen.findByRole("group", { name: "Chosen lately" })).getByRole("option", { name: /Guild bot/ })).toHaveAttribute("aria-selected", "true");
  });

  test("has forgotten what was deleted meanwhile", async () => {
    localStorage.setItem("gatewright.recent", JSON.stringify(["client:c2", "screen:audit", "action:newClient"]));
    await openPalette({ client_show: () => fail({ code: "not_found", message: "This client is gone." }) });
    const lately = await screen.findByRole("group", { name: "Chosen lately" });
    expect(within(lately).getAllByRole("option").map(({ textContent }) => textContent)).toEqual([expect.stringContaining("New client")]);
  });

  test("finds runs by what happened, and screens before them", async () => {
    const { field, asked } = await openPalette();
    await userEvent.type(field, "lock");
    await userEvent.click(await option(/^Lock dashboard:/));
    expect(router.screen).toMatch(/results|login/);
    expect(asked("run_list").at(-1)).toMatchObject({ search: "lock" });
  });

  test("moves by arrows, round about, and says how much it found", async () => {
    const { field } = await openPalette();
    await userEvent.type(field, "backup");
    expect(await option(/Make a backup/)).toHaveAttribute("aria-selected", "true");
    await userEvent.keyboard("{ArrowDown}");
    expect(active(field)).toHaveTextContent("Restore a backup");
    await userEvent.keyboard("{ArrowDown}{ArrowUp}");
    expect(active(field)).toHaveTextContent("Restore a backup");
    await waitFor(() => expect(screen.getByText("2 found")).toBeInTheDocument());
    await userEvent.keyboard("{Enter}");
    expect(await screen.findByRole("dialog", { name: "Restore a backup" })).toBeVisible();
  });

  test("says so when nothing fits, and Enter then does nothing", async () => {
    const { field } = await openPalette();
    await userEvent.type(field, "xyzzy");
    expect((await screen.findAllByText(/Nothing fits/))[0]).toBeVisible();
    expect(field).toHaveAttribute("aria-expanded", "false");
    await userEvent.keyboard("{Enter}");
    expect(field).toBeVisible();
    expect(await axeFindings()).toEqual([]);
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(field).not.toBeInTheDocument());
    expect(router.screen).toBe("sandbox");
  });
});

describe("an action", () => {
  test("that needs a client asks for it, and Backspace goes back", async () => {
    const { field } = await openPalette();
    await userEvent.type(field, "rotate{Enter}");
    const clients = await screen.findByRole("combobox", { name: "Rotate the secret of which client?" });
    await option(/Guild bot/);
    expect(screen.queryByRole("option", { name: /Log in/ })).not.toBeInTheDocument();
    await userEvent.keyboard("{Backspace}");
    await waitFor(() => expect(clients).not.toBeInTheDocument());
    await userEvent.keyboard("{Escape}{Control>}l{/Control}");
    await userEvent.type(await screen.findByRole("combobox", { name: "Log in with which client?" }), "forum{Enter}");
    await waitFor(() => expect([router.screen, ...router.rest]).toEqual(["login", "new", "c4"]));
  });

  test("is done by its keys from any screen, but not over a dialog", async () => {
    const { asked } = openWindow(["results"]);
    await screen.findByRole("link", { name: /Sandbox on/ });
    await userEvent.keyboard("{Control>}{Shift>}S{/Shift}{/Control}");
    await waitFor(() => expect(asked("sandbox_stop")).toHaveLength(1));
    await userEvent.keyboard("{Control>}n{/Control}");
    expect(await screen.findByRole("dialog", { name: /client/i })).toBeVisible();
    await userEvent.keyboard("{Control>}k{/Control}");
    expect(screen.queryByRole("combobox", { name: /Find/ })).not.toBeInTheDocument();
  });

  test("changes the theme", async () => {
    const { field, asked } = await openPalette();
    await userEvent.type(field, "dark{Enter}");
    await waitFor(() => expect(asked("settings_change")).toEqual([{ ...appState.settings, theme: "dark" }]));
  });
});

test("the list of keys names every action that has one", async () => {
  openWindow(["clients"]);
  await screen.findByRole("row", { name: /Guild bot/ });
  await userEvent.keyboard("?");
  const dialog = await screen.findByRole("dialog", { name: "Keyboard shortcuts" });
  for (const [keys, words] of [["Ctrl K", "Find anything"], ["Ctrl L", "Log in with …"], ["Ctrl Shift B", "Make a backup"], ["/", "Search the list"]] as const) {
    expect(within(dialog).getByText(keys).closest("dt")?.nextElementSibling).toHaveTextContent(words);
  }
});
