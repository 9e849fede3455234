import { screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test } from "vitest";
import { clientDetail, clientRows } from "../../../dev/sample-clients";
import { fail } from "../../../dev/backend";
import { axeFindings } from "../../../tests/axe";
import { openWindow } from "../../../tests/window";

const row = clientRows[0]!;

beforeEach(() => localStorage.clear());

async function openTab(answers: Parameters<typeof openWindow>[1] = {}) {
  const opened = openWindow(["clients", row.id], answers);
  await userEvent.click(await screen.findByRole("tab", { name: "Code" }));
  return opened;
}

test("a client's login is shown as a program to copy, without findings by axe", async () => {
  await openTab();
  const program = await screen.findByRole("group", { name: "program" });
  expect(within(program).getByText(/import urllib\.request/)).toBeVisible();
  expect(screen.getByText(/export CLIENT_SECRET && bash login\.sh/)).toBeVisible();
  expect(screen.getByRole("button", { name: "Copy program" })).toBeVisible();
  expect(await axeFindings()).toEqual([]);
});

test("the language that was chosen is there again for the next client", async () => {
  const { asked } = await openTab();
  await userEvent.click(await screen.findByRole("radio", { name: "Go" }));
  expect(await screen.findByText("login.go")).toBeVisible();
  expect(localStorage.getItem("gatewright.codeLanguage")).toBe("go");
  await waitFor(() => expect(asked("client_snippet")).toContainEqual(expect.objectContaining({ client: row.id, language: "go" })));
});

test("a client with several redirect URIs asks which one the program comes back at", async () => {
  const detail = clientDetail(row);
  const uris = ["https://a.example/cb", "https://b.example/cb"].map((uri) => ({ ...detail.redirectUris[0]!, uri }));
  const { asked } = await openTab({ client_show: () => ({ ...detail, redirectUris: uris }) });
  await userEvent.selectOptions(await screen.findByLabelText("Comes back at"), "https://b.example/cb");
  await waitFor(() => expect(asked("client_snippet")).toContainEqual(expect.objectContaining({ redirectUri: "https://b.example/cb" })));
});

test("a client without a program says why", async () => {
  await openTab({ client_snippet: () => fail({ code: "invalid", message: "There is no program for this client: it signs an assertion.", hint: "Use a library." }) });
  expect(await screen.findByText(/There is no program for this client/)).toBeVisible();
});
