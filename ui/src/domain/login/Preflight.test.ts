import { screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { emit } from "@tauri-apps/api/event";
import { describe, expect, test } from "vitest";
import { EVENT_NAME } from "$ipc/events";
import type { Event } from "$ipc/gen/events";
import { router } from "$frame/router.svelte";
import { fail } from "../../../dev/backend";
import { appState } from "../../../dev/sample-app";
import { preflight, wrongRedirectUri } from "../../../dev/sample-preflight";
import { axeFindings } from "../../../tests/axe";
import { openWindow } from "../../../tests/window";

const say = (event: Event) => emit(EVENT_NAME, event);
const noneRunning = { app_state: () => ({ ...appState, activeRuns: [] }) };
const formWith = (changes: Parameters<typeof preflight>[0]) => openWindow(["login", "new", "c4"], { ...noneRunning, preflight_show: () => preflight(changes) });

describe("before a login", () => {
  test("everything that is good is one line, and can be read", async () => {
    formWith({});
    expect(await screen.findByText("15 things looked at, all good, 48 ms")).toBeVisible();
    expect(screen.queryByText("As it should be.")).not.toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Show all" }));
    expect(screen.getByText("Certificate")).toBeVisible();
    expect(await axeFindings()).toEqual([]);
  });

  test("a problem says what was expected, leads to its fix, and leaves the choice to the person", async () => {
    const { asked } = formWith({ redirect_uri_registered: wrongRedirectUri });
    expect(await screen.findByText(/compared letter by letter/)).toBeVisible();
    expect(screen.getByText("https://example.com/callback")).toBeVisible();
    expect(await axeFindings()).toEqual([]);
    expect(screen.getByRole("button", { name: "Log in anyway" })).toBeEnabled();
    await userEvent.click(screen.getByRole("button", { name: "Compare in the redirect lab" }));
    await waitFor(() => expect([router.screen, ...router.rest]).toEqual(["clients", "c4", "redirects"]));
    expect(asked("login_start")).toEqual([]);
  });

  test("without a server there is nothing that could be started", async () => {
    const { asked } = formWith({ server: { standing: "problem", sentence: "The sandbox is not running.", fix: { kind: "startSandbox" }, stops: true } });
    await userEvent.click(await screen.findByRole("button", { name: "Start the sandbox" }));
    await waitFor(() => expect(asked("sandbox_start")).toHaveLength(1));
    await waitFor(() => expect(asked("preflight_start").length).toBeGreaterThan(1));
    expect(screen.getByRole("button", { name: "Log in" })).toBeDisabled();
  });

  test("what is not answered yet is named, and the answer is fetched when it is there", async () => {
    let answered = false;
    openWindow(["login", "new", "c4"], { ...noneRunning, preflight_show: () => preflight(answered ? {} : { clock: { standing: "waiting" } }) });
    expect(await screen.findByText("14 things looked at; still waiting: Clock")).toBeVisible();
    expect(screen.getByRole("button", { name: "Log in" })).toBeEnabled();
    answered = true;
    await say({ kind: "preflightChanged", data: { preflight: "look-1" } });
    expect(await screen.findByText(/all good/)).toBeVisible();
  });

  test("a port that is taken leads to another way to come back", async () => {
    const { asked } = formWith({ port: { standing: "problem", sentence: "Port 7171 is taken.", fix: { kind: "chooseBrowser", data: "embedded" } } });
    await userEvent.click(await screen.findByRole("radio", { name: "System browser" }));
    await userEvent.click(await screen.findByRole("button", { name: "Use the embedded view" }));
    expect(screen.getByRole("radio", { name: "Embedded view" })).toBeChecked();
    await waitFor(() => expect(asked("preflight_start").at(-1)).toMatchObject({ login: { browser: "embedded" } }));
  });

  test("a provider's login page can be left alone", async () => {
    const { asked } = formWith({});
    await userEvent.click(await screen.findByRole("button", { name: "Show all" }));
    await userEvent.click(screen.getByRole("checkbox", { name: "Ask ContentDB's login page before each login" }));
    await waitFor(() => expect(asked("preflight_set_asking")).toEqual([{ provider: "contentdb", ask: false }]));
  });

  test("an answer of a moment ago says how old it is, and is asked for again on request", async () => {
    const { asked } = openWindow(["login", "new", "c4"], { ...noneRunning, preflight_show: () => ({ ...preflight(), answerSeconds: asked("preflight_start").length === 1 ? 12 : null }) });
    expect(await screen.findByText("The login page was asked 12 seconds ago and not again.")).toBeVisible();
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Ask again" }));
    await waitFor(() => expect(asked("preflight_start")).toMatchObject([{ afresh: false }, { afresh: true }]));
    await say({ kind: "preflightChanged", data: { preflight: "look-1" } });
    await waitFor(() => expect(screen.queryByRole("button", { name: "Ask again" })).not.toBeInTheDocument());
  });

  test("where looking fails, what is known to be in the way is still told", async () => {
    openWindow(["login", "new", "c4"], { ...noneRunning, preflight_start: () => fail({ code: "internal", message: "No." }) });
    expect(await screen.findByRole("button", { name: "Log in" })).toBeEnabled();
  });
});
