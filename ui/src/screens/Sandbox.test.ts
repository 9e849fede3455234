import { emit } from "@tauri-apps/api/event";
import { screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import type { SandboxLogEntry, SandboxState } from "$ipc/gen/sandbox";
import { EVENT_NAME } from "$ipc/events";
import { fail } from "../../dev/backend";
import { sandbox } from "../../dev/sample-app";
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
