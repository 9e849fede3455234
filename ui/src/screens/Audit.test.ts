import { screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { axeFindings } from "../../tests/axe";
import { openWindow } from "../../tests/window";

test("the audit trail says who did what, and narrows to one client", async () => {
  const { asked } = openWindow(["audit"]);
  expect(await screen.findByRole("row", { name: /you Showed the secret on screen \(v3\) My Website Login/ })).toBeVisible();
  expect(screen.getByRole("row", { name: /Gatewright Removed the value of a retired secret/ })).toBeVisible();
  expect(screen.getByText("3 lines")).toBeVisible();
  expect(await axeFindings()).toEqual([]);
  await userEvent.click(screen.getByRole("row", { name: /Guild bot/ }));
  expect(await screen.findByText("only “Guild bot”")).toBeVisible();
  expect(asked("audit_list").at(-1)).toEqual({ client: "c2", offset: 0, limit: 100 });
});

test("the audit trail is written to the file that was chosen, in the form that was chosen", async () => {
  const { asked } = openWindow(["audit", "c1"], { path_choose: () => ({ path: "/tmp/trail.csv" }), audit_export: ({ path }) => ({ path, lines: 2 }) });
  await screen.findByText("only “My Website Login”");
  await userEvent.click(screen.getByRole("button", { name: "Export as CSV" }));
  expect(await screen.findByText("2 lines written.")).toBeVisible();
  expect(asked("audit_export")).toEqual([{ client: "c1", format: "csv", path: "/tmp/trail.csv" }]);
});

test("no file is written when the question where is closed", async () => {
  const { asked } = openWindow(["audit"], { path_choose: () => ({ path: null }) });
  await screen.findByText("3 lines");
  await userEvent.click(screen.getByRole("button", { name: "Export as JSON" }));
  await screen.findByRole("button", { name: "Export as JSON" });
  expect(asked("audit_export")).toEqual([]);
});

test("an empty trail says what will stand there", async () => {
  openWindow(["audit"], { audit_list: () => ({ rows: [], total: 0 }) });
  expect(await screen.findByText("Nothing is written down yet.")).toBeVisible();
});
