import { screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import { router } from "$frame/router.svelte";
import type { RunRow } from "$ipc/gen/run";
import { providers } from "../../dev/sample-app";
import { discoveredProvider, hostTooNear, moved } from "../../dev/sample-discovery";
import { ownProvider } from "../../dev/sample-providers";
import { deniedRun, step } from "../../dev/sample-runs";
import { axeFindings } from "../../tests/axe";
import { openWindow } from "../../tests/window";

const row = (name: RegExp) => screen.findByRole("row", { name });

describe("the list of runs", () => {
  test("is searched and narrowed by the backend", async () => {
    const { asked } = openWindow(["results"]);
    await row(/Lock dashboard/);
    expect(await axeFindings()).toEqual([]);
    await userEvent.keyboard("/");
    await userEvent.keyboard("forum");
    await userEvent.selectOptions(screen.getByRole("combobox", { name: "Outcome" }), "With a remark");
    await waitFor(() => expect(asked("run_list").at(-1)).toMatchObject({ search: "forum", verdict: "warned", client: null }));
    await waitFor(() => expect(screen.queryByRole("row", { name: /Lock dashboard/ })).not.toBeInTheDocument());
  });

  test("is narrowed to a client and a test user, and so is the chart of the days", async () => {
    const { asked } = openWindow(["results"]);
    await row(/Lock dashboard/);
    const clients = await screen.findByRole("combobox", { name: "Client" });
    await waitFor(() => expect(clients).toContainHTML("Forum login"));
    await userEvent.selectOptions(clients, "Forum login");
    await userEvent.selectOptions(screen.getByRole("combobox", { name: "Test user" }), "Tara Thomsen");
    await waitFor(() => expect(asked("run_list").at(-1)).toMatchObject({ client: "c4", testUser: "u2" }));
    await userEvent.click(screen.getByRole("button", { name: "Chart of the days" }));
    await waitFor(() => expect(asked("run_trend").at(-1)).toMatchObject({ client: "c4", provider: null }));
  });

  test("opens at the exchange that an address names", async () => {
    openWindow(["results", "run-1", "3", "0"]);
    expect(await screen.findByText("What you came to see:")).toHaveFocus();
  });

  test("opens a run, and a run that goes on where it can be steered", async () => {
    openWindow(["results"]);
    await userEvent.click(await row(/Denied by the person/));
    expect(router.screen).toBe("results");
    expect(await screen.findByRole("heading", { name: "Lock dashboard" })).toBeVisible();
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "All results" }));
    await userEvent.click(await row(/Waiting for you/));
    expect([router.screen, ...router.rest]).toEqual(["login", "run-7"]);
  });

  test("loses a run by the Delete key and gets it back by undo", async () => {
    const { asked } = openWindow(["results"]);
    (await row(/Lock dashboard/)).focus();
    await userEvent.keyboard("{Delete}");
    expect(await screen.findByText("Deleted 1 run.")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Undo" }));
    await waitFor(() => expect(asked("run_restore")).toEqual([{ runs: ["run-3"] }]));
  });

  test("is left by deleting the run that is open", async () => {
    const { asked } = openWindow(["results", "run-3"]);
    await userEvent.click(await screen.findByRole("button", { name: "Delete this run" }));
    await waitFor(() => expect(asked("run_delete")).toEqual([{ runs: ["run-3"] }]));
    await waitFor(() => expect(router.rest).toEqual([]));
  });

  test("offers to allow a host in the network at hand for its provider, without findings by axe", async () => {
    const steps = [step({ kind: "token_request", title: "Token request", status: "failed", findings: [hostTooNear] })];
    const { asked } = openWindow(["results", "run-3"], { run_show: () => ({ ...deniedRun, steps }) });
    const { provider, providerName } = deniedRun.row;
    const allow = await screen.findByRole("button", { name: `Allow id.example.org for ${providerName}` });
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(allow);
    expect(await screen.findByText(/is allowed for/)).toHaveTextContent(`id.example.org is allowed for ${providerName} from now on.`);
    expect(asked("nearby_host_confirm")).toEqual([{ provider, host: "id.example.org" }]);
  });

  describe("with an endpoint that has moved", () => {
    const findings = [moved, { ...moved, field: "jwks_uri" }];
    const steps = [step({ kind: "discovery", title: "Metadata", status: "failed", findings })];
    const builtIn = providers.find(({ id }) => id === "chaster")!;
    const open = ({ id, name }: { id: string; name: string }, environment: RunRow["environment"] = "production") =>
      openWindow(["results", "run-3"], { run_show: () => ({ ...deniedRun, row: { ...deniedRun.row, provider: id, providerName: name, environment }, steps }) });

    test("leads to what the issuer says now, where the provider was found by it", async () => {
      open(discoveredProvider);
      await userEvent.click(await screen.findByRole("button", { name: `Compare the endpoints of ${discoveredProvider.name}` }));
      expect([router.screen, ...router.rest]).toEqual(["providers", discoveredProvider.id, "look"]);
    });

    test("leads to the profile, where it is one's own", async () => {
      open(ownProvider);
      await userEvent.click(await screen.findByRole("button", { name: `Change the endpoints of ${ownProvider.name}` }));
      expect([router.screen, ...router.rest]).toEqual(["providers", ownProvider.id, "edit"]);
    });

    test("leads to the base URL, where the profile cannot be changed", async () => {
      open(builtIn);
      const change = await screen.findByRole("button", { name: `Change the base URL of ${builtIn.name}` });
      expect(screen.getByText(/This profile comes with Gatewright and stays as it is/)).toBeVisible();
      expect(await axeFindings()).toEqual([]);
      await userEvent.click(change);
      expect([router.screen, ...router.rest]).toEqual(["providers", builtIn.id]);
      expect(await screen.findByRole("button", { name: "Change the real base URL" })).toBeVisible();
    });

    test("or to a profile of one's own, which can", async () => {
      open(builtIn);
      await userEvent.click(await screen.findByRole("button", { name: "New provider from this one" }));
      expect([router.screen, ...router.rest]).toEqual(["providers", builtIn.id, "copy"]);
    });

    test("leads to the sandbox, where its twin only pretends to have moved", async () => {
      open(builtIn, "sandbox");
      expect(await screen.findByRole("link", { name: "End the fault in the sandbox." })).toHaveAttribute("href", "#/sandbox");
      expect(screen.queryByRole("button", { name: /endpoints of|base URL of/ })).not.toBeInTheDocument();
    });
  });

  test("says what belongs here while there is nothing", async () => {
    openWindow(["results"], { run_list: () => ({ rows: [], total: 0 }) });
    await userEvent.click(await screen.findByRole("button", { name: "Start a login" }));
    expect(router.screen).toBe("login");
  });
});
