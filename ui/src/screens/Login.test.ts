import { screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { emit } from "@tauri-apps/api/event";
import { afterEach, describe, expect, test } from "vitest";
import type { Event } from "$ipc/gen/events";
import { EVENT_NAME } from "$ipc/events";
import { router } from "$frame/router.svelte";
import { openRuns } from "$domain/login/open-runs.svelte";
import { fail } from "../../dev/backend";
import { clientDetail, clientRows } from "../../dev/sample-clients";
import { appState } from "../../dev/sample-app";
import { deniedRun, finishedRun, waitingRun } from "../../dev/sample-runs";
import { axeFindings } from "../../tests/axe";
import { openWindow } from "../../tests/window";

const say = (event: Event) => emit(EVENT_NAME, event);
const noneRunning = { app_state: () => ({ ...appState, activeRuns: [] }) };

afterEach(() => {
  openRuns.ids = [];
});

describe("a new login", () => {
  test("takes a client and a browser and opens the run", async () => {
    const { asked } = openWindow(["login"], noneRunning);
    await userEvent.click(await screen.findByRole("row", { name: /Forum login/ }));
    await userEvent.click(await screen.findByRole("radio", { name: "Paste the callback" }));
    await userEvent.selectOptions(screen.getByRole("combobox", { name: "Redirect URI" }), "http://127.0.0.1:7171/callback");
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Log in" }));
    await waitFor(() => expect(router.rest).toEqual(["run-7"]));
    expect(asked("login_start")).toEqual([{ client: "c4", testUser: null, browser: "paste", redirectUri: "http://127.0.0.1:7171/callback", scopes: null }]);
  });

  test("in the system browser offers only redirect URIs that this computer can receive", async () => {
    openWindow(["login", "new", "c4"], noneRunning);
    await userEvent.click(await screen.findByRole("radio", { name: "System browser" }));
    expect(await screen.findByText("http://127.0.0.1:7171/callback")).toBeVisible();
    expect(screen.queryByText("https://example.com/chattz-callback")).not.toBeInTheDocument();
  });

  test("whose callback is posted offers no pasting, and only redirect URIs that this computer can receive", async () => {
    openWindow(["login", "new", "c4"], {
      ...noneRunning,
      client_show: ({ client }) => clientDetail(clientRows.find(({ id }) => id === client)!, { responseMode: "form_post" }),
    });
    expect(await screen.findByRole("radio", { name: "Paste the callback" })).toBeDisabled();
    expect(screen.getByRole("radio", { name: "Embedded view" })).toHaveAccessibleDescription(/posted as a form/);
    expect(screen.getByText("http://127.0.0.1:7171/callback")).toBeVisible();
    expect(screen.queryByText("https://example.com/chattz-callback")).not.toBeInTheDocument();
    expect(await axeFindings()).toEqual([]);
  });

  test("asks for the scopes chosen, and for none where nothing was changed", async () => {
    const { asked } = openWindow(["login", "new", "c3"], noneRunning);
    expect(await screen.findByRole("checkbox", { name: "profile" })).toBeChecked();
    await userEvent.click(screen.getByRole("checkbox", { name: "openid" }));
    await userEvent.click(screen.getByRole("button", { name: "Log in" }));
    await waitFor(() => expect(asked("login_start")[0]).toMatchObject({ scopes: ["profile", "openid"] }));
  });

  test("that cannot start says why and offers what helps", async () => {
    const { asked } = openWindow(["login", "new", "c4"], {
      ...noneRunning,
      login_start: () => fail({ code: "sandbox_off", message: "The sandbox is off.", hint: "Start it." }),
    });
    await userEvent.click(await screen.findByRole("button", { name: "Log in" }));
    expect(await screen.findByText("The sandbox is off.")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Start the sandbox" }));
    await waitFor(() => expect(asked("sandbox_start")).toHaveLength(1));
  });
});

describe("a login that goes on", () => {
  test("shows each step as it comes and the result at the end", async () => {
    openWindow(["login", "run-7"]);
    expect(await screen.findByRole("button", { name: /Login page.*waits for you/ })).toHaveAttribute("aria-current", "step");
    await say({ kind: "runProgress", data: { ...finishedRun, row: { ...finishedRun.row, id: "run-7" } } });
    expect(await screen.findByText("qa-two")).toBeVisible();
    expect(screen.getByRole("button", { name: /Token request.*with a remark/ })).toHaveAttribute("aria-current", "step");
    expect(screen.getByRole("button", { name: "Log in again" })).toBeVisible();
  });

  test("takes the callback that the person pasted", async () => {
    const { asked } = openWindow(["login", "run-7"]);
    expect(await screen.findByText(/contentdb.example\/oauth\/authorize/)).toBeVisible();
    await userEvent.type(await screen.findByRole("textbox", { name: "Callback address" }), " http://127.0.0.1:7171/callback?code=x ");
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Use this callback" }));
    await waitFor(() => expect(asked("login_paste")).toEqual([{ run: "run-7", address: "http://127.0.0.1:7171/callback?code=x" }]));
  });

  test("says beside the field what is wrong with a pasted callback", async () => {
    openWindow(["login", "run-7"], { login_paste: () => fail({ code: "invalid", message: "This address belongs to another login.", field: "address" }) });
    const field = await screen.findByRole("textbox", { name: "Callback address" });
    await userEvent.type(field, "http://127.0.0.1:7171/callback?state=other");
    await userEvent.click(screen.getByRole("button", { name: "Use this callback" }));
    await waitFor(() => expect(field).toHaveAccessibleDescription(/belongs to another login/));
  });

  test("can be cancelled at any time", async () => {
    const { asked } = openWindow(["login", "run-7"]);
    await userEvent.click(await screen.findByRole("button", { name: "Cancel the login" }));
    await waitFor(() => expect(asked("login_cancel")).toEqual([{ run: "run-7" }]));
  });

  test("in the embedded view can be brought to the front", async () => {
    const embedded = { ...waitingRun, awaitsPaste: false, row: { ...waitingRun.row, browser: "embedded" as const } };
    const { asked } = openWindow(["login", "run-7"], { run_show: () => embedded });
    await userEvent.click(await screen.findByRole("button", { name: "Show the login window" }));
    await waitFor(() => expect(asked("login_focus")).toEqual([{ run: "run-7" }]));
  });
});

describe("several logins at once", () => {
  test("have a tab each, do not mix, and are put away one by one", async () => {
    openWindow(["login", "run-7"]);
    await screen.findByRole("button", { name: "Cancel the login" });
    router.go("login", "run-3");
    const tabs = screen.getByRole("navigation", { name: "Open logins" });
    expect(await within(tabs).findByRole("link", { name: /Lock dashboard.*with a remark/ })).toBeVisible();
    await say({ kind: "runProgress", data: { ...waitingRun, row: { ...waitingRun.row, clientName: "Other" } } });
    expect(await within(tabs).findByRole("link", { name: /Other.*going on/ })).toBeVisible();
    expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("Lock dashboard");
    await userEvent.click(within(tabs).getByRole("button", { name: "Put Lock dashboard away" }));
    expect(router.rest).toEqual(["run-7"]);
  });
});

describe("a login that is over", () => {
  test("says in one sentence how it ended and what to do next", async () => {
    openWindow(["login", "run-3"], noneRunning);
    expect(await screen.findByText(deniedRun.sentence!)).toBeVisible();
    expect(screen.getByText(deniedRun.next!)).toBeVisible();
  });

  test("shows what was expected and what came, with references in place of secrets", async () => {
    openWindow(["login", "run-1"], noneRunning);
    expect(await screen.findByText("The access token has no lifetime.")).toBeVisible();
    expect(screen.getByRole("group", { name: "Expected" })).toHaveTextContent("number of seconds");
    expect(screen.getByRole("group", { name: "Request" })).toHaveTextContent("client_secret secret:v3");
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: /Login page, consent page/ }));
    expect(await screen.findByText("http://127.0.0.1:40123/contentdb/user/sign-in")).toBeVisible();
  });

  test("gives a token to the clipboard without showing it, and can be done again", async () => {
    const { asked } = openWindow(["login", "run-1"], noneRunning);
    await userEvent.click(await screen.findByRole("button", { name: "Copy access token" }));
    await waitFor(() => expect(asked("token_copy")).toEqual([{ run: "run-1", token: "access_token" }]));
    await userEvent.click(screen.getByRole("button", { name: "Log in again" }));
    await waitFor(() => expect(asked("login_start")).toEqual([{ client: "c4", testUser: null, browser: "embedded", redirectUri: "http://127.0.0.1:7171/callback", scopes: null }]));
  });
});
