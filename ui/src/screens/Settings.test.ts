import { screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import type { Settings } from "$ipc/gen/settings";
import { router } from "$frame/router.svelte";
import { fail } from "../../dev/backend";
import { appState, rareStates } from "../../dev/sample-app";
import { axeFindings } from "../../tests/axe";
import { openWindow } from "../../tests/window";

const card = (name: string) => screen.findByRole("region", { name });

describe("the settings", () => {
  test("show everything, without findings by axe", async () => {
    openWindow(["settings"]);
    expect(within(await card("About Gatewright")).getByText("0.1.0")).toBeVisible();
    expect(screen.getByRole("radio", { name: "Embedded view" })).toBeChecked();
    expect(screen.getByRole("checkbox", { name: "Start the sandbox with Gatewright" })).toBeChecked();
    expect(screen.getByRole("textbox", { name: "Minutes a login may wait for you" })).toHaveValue("10");
    expect(document.title).toBe("Settings · Gatewright");
    expect(await axeFindings()).toEqual([]);
  });

  test("are kept at once, each change with what was changed before, and say so quietly", async () => {
    const { asked } = openWindow(["settings"]);
    await userEvent.click(await screen.findByRole("radio", { name: "Dark" }));
    expect(await within(await card("Appearance")).findByText("Saved")).toBeVisible();
    expect(document.documentElement.dataset["theme"]).toBe("dark");
    await userEvent.click(screen.getByRole("radio", { name: "Paste the callback" }));
    await userEvent.click(screen.getByRole("checkbox", { name: "Start the sandbox with Gatewright" }));
    await waitFor(() => expect(asked("settings_change")).toHaveLength(3));
    expect(asked("settings_change").at(-1)).toEqual({ ...appState.settings, theme: "dark", browser: "paste", sandboxOnStart: false } satisfies Settings);
    expect(within(await card("Sandbox")).getByText("Saved")).toBeVisible();
    expect(within(await card("Appearance")).queryByText("Saved")).not.toBeInTheDocument();
  });

  test("take a number of minutes, and show the number that the backend kept", async () => {
    const { asked } = openWindow(["settings"], { settings_change: (settings) => ({ ...settings, loginMinutes: Math.min(settings.loginMinutes, 480) }) });
    const minutes = await screen.findByRole("textbox", { name: "Minutes a login may wait for you" });
    await userEvent.clear(minutes);
    await userEvent.type(minutes, "soon");
    await userEvent.tab();
    expect(minutes).toHaveAccessibleDescription(/A whole number of minutes/);
    expect(asked("settings_change")).toEqual([]);
    await userEvent.clear(minutes);
    await userEvent.type(minutes, "9000");
    await userEvent.tab();
    await waitFor(() => expect(minutes).toHaveValue("480"));
  });

  test("that could not be kept go back to what they were, and the reason is shown", async () => {
    openWindow(["settings"], { settings_change: () => fail({ code: "read_only", message: "Your data can only be read.", hint: "Give yourself the right to write." }) });
    await userEvent.click(await screen.findByRole("radio", { name: "System browser" }));
    expect(await screen.findByText("Your data can only be read.")).toBeVisible();
    await waitFor(() => expect(screen.getByRole("radio", { name: "Embedded view" })).toBeChecked());
    expect(screen.queryByText("Saved")).not.toBeInTheDocument();
  });

  test("lead back to the welcome", async () => {
    openWindow(["settings"]);
    await userEvent.click(await screen.findByRole("button", { name: "Show the welcome" }));
    await waitFor(() => expect(router.screen).toBe("welcome"));
  });
});

describe("the keyring", () => {
  test("that is absent says what that means, what to do, and how many secrets it concerns", async () => {
    openWindow(["settings"], { app_state: () => ({ ...appState, ...rareStates.session }) });
    const keyring = await card("Keyring");
    expect(within(keyring).getByText(/no program on this desktop keeps secrets/)).toBeVisible();
    expect(within(keyring).getByText(/Install and start a keyring/)).toBeVisible();
    expect(within(keyring).getByText("2 secrets only in memory.")).toBeVisible();
    expect(await axeFindings()).toEqual([]);
  });

  test("that has to be asked what became of secrets on their way says so", async () => {
    openWindow(["settings"], { app_state: () => ({ ...appState, keyring: { ...appState.keyring, status: "locked", movingSecrets: 1 } }) });
    const keyring = await card("Keyring");
    expect(within(keyring).getByText("1 secret is on the way into the keyring.")).toBeVisible();
    expect(within(keyring).getByText(/has to be pasted again/)).toBeVisible();
    expect(await axeFindings()).toEqual([]);
  });

  test("is checked by writing to it, and the result takes the place of what was known", async () => {
    const { asked } = openWindow(["settings"], { app_state: () => ({ ...appState, ...rareStates.session }) });
    await userEvent.click(await screen.findByRole("button", { name: "Check the keyring" }));
    const keyring = await card("Keyring");
    expect(await within(keyring).findByText(/written, read back and deleted/)).toBeVisible();
    expect(within(keyring).getByText(/^Checked /)).toBeVisible();
    expect(within(keyring).queryByText(/only in memory/)).not.toBeInTheDocument();
    expect(asked("keyring_probe")).toHaveLength(1);
  });

  test("that cannot be checked says why", async () => {
    openWindow(["settings"], { keyring_probe: () => fail({ code: "keyring_locked", message: "The keyring is locked.", hint: "Unlock it, then check again." }) });
    await userEvent.click(await screen.findByRole("button", { name: "Check the keyring" }));
    expect(await screen.findByText("The keyring is locked.")).toBeVisible();
    expect(screen.queryByText(/^Checked /)).not.toBeInTheDocument();
  });
});
