import { emit } from "@tauri-apps/api/event";
import { screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import type { SandboxLogEntry, SandboxState } from "$ipc/gen/sandbox";
import { EVENT_NAME } from "$ipc/events";
import { fail } from "../../dev/backend";
import { sandbox } from "../../dev/sample-app";
import { someFaults } from "../../dev/sample-faults";
import { request, requests, sandboxOff } from "../../dev/sample-sandbox";
import { axeFindings } from "../../tests/axe";
import { openWindow } from "../../tests/window";

const log = () => screen.findByRole("list", { name: "Requests" });
const tell = (...data: SandboxLogEntry[]) => emit(EVENT_NAME, { kind: "sandboxRequests", data });

/** A backend whose sandbox goes on and off. */
function switched(start: SandboxState) {
  let state = start;
  return {
    sandbox_state: () => state,
    sandbox_start: () => (state = sandbox),
    sandbox_stop: () => (state = sandboxOff),
    sandbox_log: () => ({ entries: [] }),
  };
}

describe("the sandbox", () => {
  test("says where it is, who can sign in and which twins it has, without findings by axe", async () => {
    const user = userEvent.setup();
    openWindow(["sandbox"]);
    await user.click(await screen.findByRole("button", { name: "Copy the sandbox's address" }));
    expect(await navigator.clipboard.readText()).toBe("http://127.0.0.1:40123");
    const nina = screen.getByRole("listitem", { name: "Nina" });
    expect(within(nina).getByText("phone not verified")).toBeVisible();
    await user.click(within(nina).getByRole("button", { name: "Copy password of Nina" }));
    expect(await navigator.clipboard.readText()).toBe("nina");
    await user.click(screen.getByRole("button", { name: "Copy base URL of Gitter" }));
    expect(await navigator.clipboard.readText()).toBe("http://127.0.0.1:40123/gitter");
    await log();
    expect(document.title).toBe("Sandbox · Gatewright");
    expect(await axeFindings()).toEqual([]);
  });

  test("starts with what was chosen, and the command for a terminal says the same", async () => {
    const { asked } = openWindow(["sandbox"], switched(sandboxOff));
    await userEvent.type(await screen.findByRole("textbox", { name: /Port/ }), "7100");
    await userEvent.selectOptions(screen.getByRole("combobox", { name: "Approve every login as" }), "Theo Tester, without pages");
    await userEvent.selectOptions(screen.getByRole("combobox", { name: "Gitter answers" }), "As its engine behaves (JSON)");
    expect(screen.getByText("gatewright-sandbox --port 7100 --auto-approve=theo --gitter-engine")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Start" }));
    expect(await screen.findByRole("button", { name: "Stop" })).toBeVisible();
    expect(asked("sandbox_start")).toEqual([{ port: 7100, autoApprove: "theo", gitterAsEngine: true }]);
  });

  test("stops, and its log says how to go on", async () => {
    openWindow(["sandbox"], switched(sandbox));
    await userEvent.click(await screen.findByRole("button", { name: "Stop" }));
    expect(await screen.findByText("The sandbox is off.")).toBeVisible();
    expect(screen.getByRole("button", { name: "Start the sandbox" })).toBeEnabled();
  });

  test("is restarted only for a reason", async () => {
    openWindow(["sandbox"]);
    const restart = await screen.findByRole("button", { name: "Restart like this" });
    expect(screen.getByRole("textbox", { name: /Port/ })).toHaveValue("40123");
    expect(restart).toBeDisabled();
    await userEvent.selectOptions(screen.getByRole("combobox", { name: "Approve every login as" }), "Theo Tester, without pages");
    expect(restart).toBeEnabled();
  });

  test("says beside the port that it is taken", async () => {
    openWindow(["sandbox"], {
      sandbox_state: () => sandboxOff,
      sandbox_start: () => fail({ code: "port_taken", message: "Port 7100 is taken.", hint: "Choose another port.", field: "port" }),
    });
    const port = await screen.findByRole("textbox", { name: /Port/ });
    await userEvent.type(port, "7100{Enter}");
    await waitFor(() => expect(port).toHaveAccessibleDescription(/Port 7100 is taken.*Choose another port/));
    await userEvent.type(port, "0");
    await waitFor(() => expect(port).not.toHaveAccessibleDescription(/taken/));
  });

  test("takes nothing but a port as port", async () => {
    const { asked } = openWindow(["sandbox"], { sandbox_state: () => sandboxOff });
    const port = await screen.findByRole("textbox", { name: /Port/ });
    await userEvent.type(port, "70000{Enter}");
    expect(port).toHaveAccessibleDescription(/from 1 to 65535/);
    expect(asked("sandbox_start")).toEqual([]);
  });
});

describe("the faults of the sandbox", () => {
  const addFault = async () => {
    await userEvent.click(await screen.findByRole("button", { name: "Add a fault …" }));
    return within(await screen.findByRole("dialog", { name: "Add a fault" }));
  };

  test("are searched in the catalogue, and one is put into force as chosen, without findings by axe", async () => {
    const { asked } = openWindow(["sandbox"]);
    const dialog = await addFault();
    expect(dialog.getAllByRole("group").map((group) => group.querySelector("legend")?.textContent)).toEqual(["Authorization and callback", "Token", "Keys"]);
    await userEvent.type(dialog.getByRole("searchbox", { name: "Search faults" }), "overloaded");
    await userEvent.click(dialog.getByRole("radio", { name: /^TK-01/ }));
    expect(dialog.getAllByRole("radio")).toHaveLength(1);
    expect(await axeFindings()).toEqual([]);
    await userEvent.selectOptions(dialog.getByRole("combobox", { name: "Variant" }), "503 retry after");
    await userEvent.selectOptions(dialog.getByRole("combobox", { name: "Twin" }), "Chaster");
    await userEvent.selectOptions(dialog.getByRole("combobox", { name: "When" }), "At certain opportunities");
    const add = dialog.getByRole("button", { name: "Add this fault" });
    await userEvent.click(add);
    expect(dialog.getByRole("textbox", { name: "Which" })).toHaveAccessibleDescription(/Write whole numbers from 1/);
    expect(asked("sandbox_faults_set")).toEqual([]);
    await userEvent.type(dialog.getByRole("textbox", { name: "Which" }), "1, 3");
    await userEvent.type(dialog.getByRole("textbox", { name: /Client ID/ }), "kittenlocks");
    await userEvent.click(add);
    const rule = { fault: "TK-01", variant: "503_retry_after", twin: "chaster", clientId: "kittenlocks", when: { kind: "nth", value: [1, 3] }, delayMs: null };
    await waitFor(() => expect(asked("sandbox_faults_set")).toEqual([{ rules: [rule] }]));
    const inForce = within(await screen.findByRole("list", { name: "Faults in force" }));
    expect(inForce.getByRole("listitem")).toHaveTextContent(/TK-01 The endpoint is broken.*Chaster · 503_retry_after · at 1, 3 · client kittenlocks/);
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  });

  test("offer only the twins that can do them, and a delay only where one waits", async () => {
    openWindow(["sandbox"]);
    const dialog = await addFault();
    await userEvent.click(dialog.getByRole("radio", { name: /^AZ-02/ }));
    expect(within(dialog.getByRole("combobox", { name: "Twin" })).getAllByRole("option").map(({ textContent }) => textContent)).toEqual(["Chattz", "Chaster", "ContentDB"]);
    expect(dialog.queryByRole("textbox", { name: /Wait/ })).not.toBeInTheDocument();
    await userEvent.click(dialog.getByRole("radio", { name: /^TK-25/ }));
    expect(dialog.getByRole("combobox", { name: "Twin" })).toHaveValue("chaster");
    expect(dialog.getByRole("textbox", { name: /Wait/ })).toHaveAttribute("placeholder", "60000");
  });

  test("say in the dialog why a rule cannot be used", async () => {
    openWindow(["sandbox"], { sandbox_faults_set: () => fail({ code: "invalid", message: "AZ-02 cannot happen at Gitter." }) });
    const dialog = await addFault();
    await userEvent.click(dialog.getByRole("radio", { name: /^AZ-02/ }));
    await userEvent.click(dialog.getByRole("button", { name: "Add this fault" }));
    expect(await dialog.findByText("AZ-02 cannot happen at Gitter.")).toBeVisible();
  });

  test("are removed one by one or all at once", async () => {
    const { asked } = openWindow(["sandbox"], { sandbox_faults: () => someFaults, sandbox_faults_set: ({ rules }) => ({ ...someFaults, rules }) });
    await userEvent.click(await screen.findByRole("button", { name: "Remove TK-01 502 at Chaster" }));
    await waitFor(() => expect(asked("sandbox_faults_set")).toEqual([{ rules: [someFaults.rules[1]] }]));
    await userEvent.click(screen.getByRole("button", { name: "Clear all" }));
    expect(await screen.findByText(/The twins behave/)).toBeVisible();
    expect(asked("sandbox_faults_set").at(-1)).toEqual({ rules: [] });
  });

  test("are counted and listed as they happen, and the log shows which requests they bent", async () => {
    let faults = { ...someFaults, injections: [] as typeof someFaults.injections };
    openWindow(["sandbox"], { sandbox_faults: () => faults });
    await log();
    await screen.findByRole("list", { name: "Faults in force" });
    expect(screen.queryByText(/injection/)).not.toBeInTheDocument();
    faults = someFaults;
    await tell(request(10, { requestId: "r4", faults: ["AZ-02"] }));
    expect(await screen.findByText("1 injection")).toBeVisible();
    await userEvent.click(screen.getByText("What happened"));
    expect(within(screen.getByRole("list", { name: "Injections" })).getByRole("listitem")).toHaveTextContent(/AZ-02.*ContentDB · authorization · qX3vB7nT2mLr/);
    await userEvent.type(screen.getByRole("searchbox", { name: "Search requests" }), "az-02");
    await waitFor(async () => expect(within(await log()).getAllByRole("listitem")).toHaveLength(1));
    expect(within(await log()).getByText("bent by AZ-02")).toBeVisible();
    expect(await axeFindings()).toEqual([]);
  });

  test("cannot be set while the sandbox is off", async () => {
    openWindow(["sandbox"], { sandbox_state: () => sandboxOff });
    expect(await screen.findByText(/once the sandbox runs\.$/)).toBeVisible();
    expect(screen.queryByRole("button", { name: "Add a fault …" })).not.toBeInTheDocument();
  });
});

describe("the request log", () => {
  test("shows what was answered so far, and each new request as it comes, once", async () => {
    openWindow(["sandbox"]);
    const list = await log();
    expect(within(list).getAllByRole("listitem")).toHaveLength(requests.length);
    await tell(requests.at(-1)!, request(10, { path: "/chaster/userinfo", provider: "chaster", note: "identity of theo" }));
    expect(await within(list).findByText("Chaster · identity of theo")).toBeVisible();
    expect(within(list).getAllByRole("listitem")).toHaveLength(requests.length + 1);
  });

  test("fetches what it was not told", async () => {
    let known = requests;
    openWindow(["sandbox"], { sandbox_log: () => ({ entries: known }) });
    const list = await log();
    known = [...requests, request(10), request(11, { note: "told late" }), request(12)];
    await tell(request(12));
    expect(await within(list).findByText("ContentDB · told late")).toBeVisible();
  });

  test("is narrowed by twin and words", async () => {
    openWindow(["sandbox"]);
    await log();
    await userEvent.selectOptions(screen.getByRole("combobox", { name: "Twin" }), "ContentDB");
    await userEvent.type(screen.getByRole("searchbox", { name: "Search requests" }), "post token");
    await waitFor(async () => expect(within(await log()).getAllByRole("listitem")).toHaveLength(1));
    expect(screen.getByText("1 of 9 requests")).toBeVisible();
    await userEvent.type(screen.getByRole("searchbox", { name: "Search requests" }), "x");
    await userEvent.click(await screen.findByRole("button", { name: "Show all" }));
    await waitFor(async () => expect(within(await log()).getAllByRole("listitem")).toHaveLength(9));
  });

  test("stands still while paused and catches up after", async () => {
    openWindow(["sandbox"]);
    const list = await log();
    const pause = screen.getByRole("button", { name: "Pause" });
    await userEvent.click(pause);
    expect(pause).toHaveAttribute("aria-pressed", "true");
    await tell(request(10, { note: "while paused" }));
    expect(await screen.findByText(/paused, 1 new/)).toBeVisible();
    expect(screen.queryByText("ContentDB · while paused")).not.toBeInTheDocument();
    await userEvent.click(pause);
    expect(await within(list).findByText("ContentDB · while paused")).toBeVisible();
  });

  test("is cleared", async () => {
    const { asked } = openWindow(["sandbox"]);
    await log();
    await userEvent.click(screen.getByRole("button", { name: "Clear" }));
    expect(await screen.findByText("No request yet.")).toBeVisible();
    expect(asked("sandbox_log_clear")).toHaveLength(1);
  });

  test("draws only the lines in sight of two thousand", async () => {
    openWindow(["sandbox"], { sandbox_log: () => ({ entries: Array.from({ length: 2000 }, (_, index) => request(index + 1)) }) });
    const list = await log();
    const drawn = within(list).getAllByRole("listitem");
    expect(drawn.length).toBeLessThan(60);
    expect(drawn[0]).toHaveAttribute("aria-setsize", "2000");
  });
});
