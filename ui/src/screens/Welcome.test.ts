import { screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import { router } from "$frame/router.svelte";
import { fail, type Answers } from "../../dev/backend";
import { appState, providers, rareStates, sandbox } from "../../dev/sample-app";
import { clientRow } from "../../dev/sample-clients";
import { sandboxOff } from "../../dev/sample-sandbox";
import { axeFindings } from "../../tests/axe";
import { openWindow } from "../../tests/window";

const noClient = { rows: [], total: 0, owned: 0, shared: 0, tags: [] };
const first: Answers = { app_state: () => ({ ...appState, ...rareStates.first }), client_list: () => noClient };
const go = () => screen.findByRole("button", { name: "Try it with the sandbox" });

describe("the welcome", () => {
  test("opens on the first start and has no findings by axe", async () => {
    router.asked = false;
    openWindow(["clients"], first);
    expect(await screen.findByRole("heading", { name: "Welcome to Gatewright" })).toBeVisible();
    expect(await screen.findByRole("radio", { name: "Chattz" })).toBeChecked();
    expect(screen.getAllByRole("radio")).toHaveLength(providers.length);
    expect(await axeFindings()).toEqual([]);
  });

  test("does not open again once it was put away", async () => {
    const { asked } = openWindow(["welcome"], first);
    await userEvent.click(await screen.findByRole("button", { name: "Put this away" }));
    await waitFor(() => expect(router.screen).toBe("clients"));
    await waitFor(() => expect(asked("settings_change")).toEqual([{ ...appState.settings, welcomeSeen: true }]));
  });

  test("leads in two clicks to a login that waits for the person", async () => {
    const { asked } = openWindow(["welcome"], first);
    await userEvent.click(await go());
    await userEvent.click(await screen.findByRole("button", { name: "Log in" }));
    await waitFor(() => expect(router.rest).toEqual(["run-7"]));
    expect(asked("client_register")).toEqual([
      { provider: "chattz", name: "First Chattz login", redirectUris: ["https://example.com/chattz-callback"], registerAs: "olivia", tag: "", notes: "" },
    ]);
    expect(asked("login_start")).toMatchObject([{ client: "c9", redirectUri: "https://example.com/chattz-callback" }]);
    expect(asked("sandbox_start")).toEqual([]);
    expect(asked("settings_change")).toMatchObject([{ welcomeSeen: true }]);
  });

  test("starts the sandbox first where it is off", async () => {
    const { asked } = openWindow(["welcome"], { ...first, sandbox_state: () => sandboxOff, sandbox_start: () => sandbox });
    await userEvent.click(await screen.findByRole("radio", { name: "ContentDB" }));
    await userEvent.click(await go());
    await waitFor(() => expect(asked("client_register")).toMatchObject([{ provider: "contentdb", name: "First ContentDB login" }]));
    expect(asked("sandbox_start")).toEqual([{ port: null, autoApprove: null, gitterAsEngine: false }]);
  });

  test("takes the client it registered before instead of a second one", async () => {
    const earlier = clientRow({ id: "c4", name: "First Chattz login", environment: "sandbox" });
    const { asked } = openWindow(["welcome"], { ...first, client_list: () => ({ ...noClient, rows: [earlier], total: 1, owned: 1 }) });
    await userEvent.click(await go());
    await waitFor(() => expect(router.rest).toEqual(["new", "c4"]));
    expect(asked("client_register")).toEqual([]);
  });

  test("stays, with the reason, where the twin refuses", async () => {
    openWindow(["welcome"], { ...first, client_register: () => fail({ code: "refused", message: "This name is taken at the twin.", hint: null }) });
    await userEvent.click(await go());
    expect(await screen.findByText("This name is taken at the twin.")).toBeVisible();
    expect(router.screen).toBe("welcome");
  });

  test("opens the form for a client that exists already", async () => {
    openWindow(["welcome"], first);
    await userEvent.click(await screen.findByRole("button", { name: "I have a client already" }));
    expect(await screen.findByRole("dialog", { name: "New client" })).toBeVisible();
    expect(screen.getByRole("radio", { name: /Enter an existing client/ })).toBeChecked();
    expect(screen.getByRole("radio", { name: /The real provider/ })).toBeChecked();
  });
});

describe("a database that cannot be used", () => {
  test("takes the whole window, with words to copy and nothing else to press", async () => {
    const user = userEvent.setup();
    const { asked } = openWindow(["clients"], { app_state: () => ({ ...appState, ...rareStates.fatal }) });
    expect(await screen.findByRole("heading", { name: /gatewright\.sqlite is not a Gatewright database/ })).toBeVisible();
    expect(screen.queryByRole("navigation")).not.toBeInTheDocument();
    expect(await axeFindings()).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Copy this message" }));
    expect(await navigator.clipboard.readText()).toMatch(/is not a Gatewright database\.\nMove that file.*\nGatewright 0\.1\.0$/);
    const before = asked("app_state").length;
    await user.click(screen.getByRole("button", { name: "Reload" }));
    expect(await screen.findByText(/It is still so/)).toBeVisible();
    expect(asked("app_state")).toHaveLength(before + 1);
  });
});

describe("a notice of the start", () => {
  test("stays until it was understood, one by one", async () => {
    openWindow(["settings"], { app_state: () => ({ ...appState, ...rareStates.notices }) });
    expect(await screen.findByText("Your data was brought up to date.")).toBeVisible();
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(within(screen.getByRole("group", { name: /Your data/ })).getByRole("button", { name: "Understood" }));
    expect(screen.queryByText("Your data was brought up to date.")).not.toBeInTheDocument();
    expect(screen.getByText(/2 secrets were only in memory/)).toBeVisible();
  });
});
