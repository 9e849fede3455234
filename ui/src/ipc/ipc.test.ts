import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { afterEach, describe, expect, test } from "vitest";
import { finishedRun } from "../../dev/sample-runs";
import { call, CommandFailed } from "./call";
import { applyEvent, keys, newQueryClient, runKey } from "./queries";

afterEach(() => clearMocks());

describe("a command", () => {
  test("carries its request under one name and gives the answer back", async () => {
    mockIPC((command, payload) => ({ command, payload }));
    expect(await call("client_show", { client: "c1" })).toEqual({ command: "client_show", payload: { request: { client: "c1" } } });
  });

  test("that fails rejects with the backend's words, code and field", async () => {
    mockIPC(() => {
      throw { code: "invalid", message: "The name is taken.", hint: "Choose another.", field: "name" };
    });
    const failure = await call("client_show", { client: "c1" }).catch((cause: unknown) => cause);
    expect(failure).toBeInstanceOf(CommandFailed);
    expect(failure).toMatchObject({ command: "client_show", code: "invalid", message: "The name is taken.", hint: "Choose another.", field: "name" });
  });

  test("that the shell does not know is our own failure, in words for a person", async () => {
    mockIPC(() => {
      throw "command client_show not allowed";
    });
    await expect(call("client_show", { client: "c1" })).rejects.toMatchObject({ code: "internal", message: "Gatewright's window could not reach its other half." });
  });
});

describe("an event", () => {
  test("makes old what it is about and nothing else", () => {
    const client = newQueryClient();
    client.setQueryData(keys.providers, "providers");
    client.setQueryData(keys.settings, "settings");
    applyEvent(client, { kind: "providersChanged" });
    expect(client.getQueryState(keys.providers)?.isInvalidated).toBe(true);
    expect(client.getQueryState(keys.settings)?.isInvalidated).toBe(false);
  });

  test("about a run's progress is the run as it stands", () => {
    const client = newQueryClient();
    applyEvent(client, { kind: "runProgress", data: finishedRun });
    expect(client.getQueryData(runKey("run-1"))).toEqual(finishedRun);
  });

  test("about sandbox requests adds to the log, which keeps a limited length", () => {
    const client = newQueryClient();
    const entry = { sequence: 0, at: "", provider: null, method: "GET", path: "/", status: 200, durationMs: 1, note: "", requestId: "", faults: [] };
    for (let sequence = 0; sequence < 600; sequence += 1) applyEvent(client, { kind: "sandboxRequests", data: [{ ...entry, sequence }] });
    const log = client.getQueryData<{ entries: { sequence: number }[] }>(keys.sandboxLog);
    expect(log?.entries).toHaveLength(500);
    expect(log?.entries.at(-1)?.sequence).toBe(599);
  });
});
