import { readFileSync } from "node:fs";
import { screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { emit } from "@tauri-apps/api/event";
import { describe, expect, test } from "vitest";
import { EVENT_NAME } from "$ipc/events";
import type { Event } from "$ipc/gen/events";
import { appState } from "../../../dev/sample-app";
import { cancelLab, observation } from "../../../dev/sample-labs";
import { finishedRun, waitingRun } from "../../../dev/sample-runs";
import { axeFindings } from "../../../tests/axe";
import { openWindow } from "../../../tests/window";

const say = (event: Event) => emit(EVENT_NAME, event);
const noneRunning = { app_state: () => ({ ...appState, activeRuns: [] }) };

describe("the redirect lab", () => {
  test("says that what is sent is registered, and how it is caught", async () => {
    openWindow(["clients", "c4", "redirects"], noneRunning);
    expect(await screen.findByText("What is sent is registered, letter by letter.")).toBeVisible();
    expect(screen.getByText(/Port 7171 on 127.0.0.1 is taken/)).toBeVisible();
    expect(await axeFindings()).toEqual([]);
  });

  test("shows a difference where it is", async () => {
    const { asked } = openWindow(["clients", "c4", "redirects"], noneRunning);
    await userEvent.type(await screen.findByRole("textbox", { name: /What your app sends/ }), "http://127.0.0.1:7171/callback/");
    expect(await screen.findByText(/One ends in a slash/)).toBeVisible();
    expect(document.querySelector(".pieces ins")).toHaveTextContent("/");
    expect(asked("redirect_lab_show").at(-1)).toMatchObject({ client: "c4", sent: "http://127.0.0.1:7171/callback/" });
    expect(await axeFindings()).toEqual([]);
  });

  test("tries the catch and says what came of it", async () => {
    const { asked } = openWindow(["clients", "c4", "redirects"], noneRunning);
    await userEvent.click(await screen.findByRole("button", { name: "Try it without a browser" }));
    expect(await screen.findByText(/caught its own visit/)).toBeVisible();
    expect(asked("redirect_lab_try")[0]).toMatchObject({ inBrowser: false });
  });

  test("shows what came of a trial only with the address that was tried", async () => {
    openWindow(["clients", "c4", "redirects"], noneRunning);
    await userEvent.click(await screen.findByRole("button", { name: "Try it without a browser" }));
    expect(await screen.findByText(/caught its own visit/)).toBeVisible();
    const sent = screen.getByRole("textbox", { name: /What your app sends/ });
    await userEvent.type(sent, "http://127.0.0.1:7171/callback/");
    await waitFor(() => expect(screen.queryByText(/caught its own visit/)).toBeNull());
    await userEvent.clear(sent);
    expect(await screen.findByText(/caught its own visit/)).toBeVisible();
  });
});

describe("the cancel lab", () => {
  test("says what the profile says and gives the code for it", async () => {
    openWindow(["providers", "contentdb", "cancel"], noneRunning);
    expect(await screen.findByText(/sends the redirect URI without any parameter/)).toBeVisible();
    expect(screen.getByText(/judgeCallback/)).toBeVisible();
    await userEvent.click(screen.getByRole("radio", { name: "Python" }));
    expect(screen.getByText(/judge_callback/)).toBeVisible();
    expect(await axeFindings()).toEqual([]);
  });

  test("leads through a cancel and shows what came", async () => {
    let observations = [] as ReturnType<typeof observation>[];
    let over = false;
    const { asked } = openWindow(["providers", "contentdb", "cancel"], {
      ...noneRunning,
      run_show: ({ run }) => ({ ...(over ? finishedRun : waitingRun), row: { ...(over ? finishedRun : waitingRun).row, id: run } }),
      cancel_lab_show: () => cancelLab({ observations }),
    });
    await userEvent.click(await screen.findByRole("button", { name: "Begin" }));
    expect(await screen.findByText(/then press Cancel/)).toBeVisible();
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Nothing came back" }));
    expect(asked("login_cancel")).toEqual([{ run: "run-7" }]);
    over = true;
    observations = [observation({ run: "run-7", signal: "nothing", sentence: "Nothing came back.", agreement: "contradicted" })];
    await say({ kind: "runsChanged" });
    expect(await screen.findByText("The profile says otherwise.")).toBeVisible();
    await userEvent.selectOptions(screen.getByRole("combobox", { name: /What did you see/ }), "Another page came");
    await waitFor(() => expect(asked("cancel_lab_correct")).toEqual([{ run: "run-7", signal: "otherPage" }]));
    observations = [observation({ run: "run-7", signal: "otherPage", sentence: "Another page.", agreement: "contradicted", byPerson: true })];
    await say({ kind: "runsChanged" });
    expect(await screen.findByText(/by your word/)).toBeVisible();
    await userEvent.selectOptions(screen.getByRole("combobox", { name: /What did you see/ }), "I closed the window before I pressed it");
    await waitFor(() => expect(asked("cancel_lab_correct").at(-1)).toEqual({ run: "run-7", signal: "windowClosed" }));
    observations = [observation({ run: "run-7", signal: "windowClosed", sentence: "The window was closed.", agreement: "unclear", byPerson: true })];
    await say({ kind: "runsChanged" });
    expect(await screen.findByText("This tells nothing of the provider.")).toBeVisible();
    expect(await axeFindings()).toEqual([]);
  });

  test("says so when the person approved instead", async () => {
    openWindow(["providers", "contentdb", "cancel"], { ...noneRunning, run_show: ({ run }) => ({ ...finishedRun, row: { ...finishedRun.row, id: run } }) });
    await userEvent.click(await screen.findByRole("button", { name: "Begin" }));
    expect(await screen.findByText("This login says nothing about a cancel.")).toBeVisible();
  });
});

describe("the code for the app", () => {
  const load = async (name: string) => {
    const text = readFileSync(`../crates/app/src/labs/handling/${name}.js`, "utf8");
    return (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(text)}`)) as { judgeCallback: (parameters: URLSearchParams, begun: unknown) => string };
  };
  const begun = "the-state";

  test.each([
    ["access_denied", "error=access_denied&state=the-state", "cancelled"],
    ["access_denied", "error=access_denied&state=other", "not yours"],
    ["access_denied", "code=a&state=the-state", "exchange the code"],
    ["error_without_state", "error=access_denied", "perhaps cancelled"],
    ["error_without_state", "error=access_denied&code=a", "not yours"],
    ["error_without_state", "code=a&state=the-state", "exchange the code"],
    ["error_without_state", "code=a", "not yours"],
    ["bare_redirect", "", "perhaps cancelled"],
    ["bare_redirect", "tenant=1", "perhaps cancelled"],
    ["bare_redirect", "code=a&state=other", "not yours"],
    ["bare_redirect", "code=a&state=the-state", "exchange the code"],
  ])("%s judges ?%s as “%s”", async (name, query, expected) => {
    const { judgeCallback } = await load(name);
    expect(judgeCallback(new URLSearchParams(query), begun)).toBe(expected);
    expect(judgeCallback(new URLSearchParams(query), null)).toBe("not yours");
  });

  test("no_callback takes only what belongs to the login that was begun", async () => {
    const { judgeCallback } = await load("no_callback");
    expect(judgeCallback(new URLSearchParams("code=a&state=the-state"), { state: begun, at: 0 })).toBe("exchange the code");
    expect(judgeCallback(new URLSearchParams("code=a"), { state: begun, at: 0 })).toBe("not yours");
  });
});
