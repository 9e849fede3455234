import { screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import { fail } from "../../../dev/backend";
import { beingWritten, curlCommand, written } from "../../../dev/sample-report";
import { axeFindings } from "../../../tests/axe";
import { openWindow } from "../../../tests/window";
import { withEnding } from "./formats";

async function openDialog(answers = {}) {
  const view = openWindow(["results", "run-3"], answers);
  await userEvent.click(await screen.findByRole("button", { name: "Export this run" }));
  const dialog = await screen.findByRole("dialog", { name: "Export this run" });
  return { ...view, dialog: within(dialog) };
}

describe("an export", () => {
  test("says what each form is good for, and writes the one that was chosen", async () => {
    const { asked, dialog } = await openDialog({ report_show: () => ({ ...written, path: "/srv/run.html" }) });
    expect(dialog.getByRole("radio", { name: "HTML page" })).toBeChecked();
    expect(dialog.getByRole("radio", { name: "JUnit XML" })).toHaveAccessibleDescription(/continuous integration/);
    expect(dialog.getByRole("button", { name: "Export" })).toBeDisabled();
    expect(await axeFindings()).toEqual([]);
    await userEvent.type(dialog.getByLabelText(/File/), "/srv/run.html");
    await userEvent.click(dialog.getByRole("checkbox", { name: "Pictures of the pages" }));
    await userEvent.click(dialog.getByRole("button", { name: "Export" }));
    expect(await dialog.findByText("3 runs written in 38 ms, 0.4 MB.")).toBeVisible();
    expect(dialog.getByText("/srv/run.html")).toBeVisible();
    expect(asked("report_export")).toEqual([
      { subject: { kind: "runs", data: ["run-3"] }, format: "html", path: "/srv/run.html", title: "", exchanges: true, pictures: false },
    ]);
    expect(await axeFindings()).toEqual([]);
  });

  test("that is written is shown in its folder, and where the desktop cannot, the path is still there to copy", async () => {
    const refusals = [{ code: "folder_unavailable", message: "The desktop did not show /srv/run.html.", hint: "Copy the path." } as const];
    const place_show = () => (refusals.length > 0 ? fail(refusals.pop() as never) : {});
    const { asked, dialog } = await openDialog({ report_show: () => ({ ...written, path: "/srv/run.html" }), place_show });
    await userEvent.type(dialog.getByLabelText(/File/), "/srv/run.html{Enter}");
    await userEvent.click(await dialog.findByRole("button", { name: "show in folder" }));
    expect(await dialog.findByRole("alert")).toHaveTextContent("The desktop did not show /srv/run.html. Copy the path.");
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(dialog.getByRole("button", { name: "copy path" }));
    expect(await navigator.clipboard.readText()).toBe("/srv/run.html");
    await userEvent.click(dialog.getByRole("button", { name: "show in folder" }));
    await waitFor(() => expect(dialog.queryByRole("alert")).not.toBeInTheDocument());
    expect(asked("place_show")).toEqual([{ known: "report" }, { known: "report" }]);
  });

  test("shows how far it is, and stops it when it is told to or closed", async () => {
    const running = { ...beingWritten, path: "/srv/all.html" };
    const { asked, dialog } = await openDialog({ report_export: () => running, report_show: () => running });
    await userEvent.type(dialog.getByLabelText(/File/), "/srv/all.html{Enter}");
    expect(await dialog.findByText("420 of 1,000 runs · 31.2 MB")).toBeVisible();
    expect(dialog.getByRole("progressbar")).toHaveAttribute("value", "420");
    expect(dialog.getByRole("status")).toHaveTextContent(/^It has begun. Escape stops it.$/);
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(dialog.getByRole("button", { name: "Stop" }));
    await userEvent.keyboard("{Escape}");
    expect(asked("report_stop")).toHaveLength(2);
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  });

  test("says beside the path what is wrong with it, and beside the form what went wrong later", async () => {
    const { dialog } = await openDialog({ report_export: () => fail({ code: "invalid", message: "x is not a whole path.", field: "path" }) });
    await userEvent.type(dialog.getByLabelText(/File/), "x{Enter}");
    expect(await dialog.findByText("x is not a whole path.")).toBeVisible();
    expect(dialog.getByLabelText(/File/)).toBeInvalid();
  });

  test("that failed on the way can be tried again", async () => {
    const failure = { code: "disk_full", message: "The disk is full: the file was not written.", hint: "Make room.", field: null };
    const { dialog } = await openDialog({ report_show: () => ({ ...written, path: "/srv/run.html", standing: "failed", failure }) });
    await userEvent.type(dialog.getByLabelText(/File/), "/srv/run.html{Enter}");
    expect(await dialog.findByText("The disk is full: the file was not written.")).toBeVisible();
    expect(dialog.getByRole("button", { name: "Export" })).toBeEnabled();
  });
});

test("the ending of a file follows the form", () => {
  expect(withEnding("/srv/run.html", ".json")).toBe("/srv/run.json");
  expect(withEnding("/srv/run", ".json")).toBe("/srv/run");
});

test("every request of a run can be copied as a command with variables for its secrets", async () => {
  const { asked } = openWindow(["results", "run-1"]);
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: /Token request/ }));
  const [button] = await screen.findAllByRole("button", { name: "Copy as cURL, with variables for secrets" });
  await user.click(button as HTMLElement);
  expect(await navigator.clipboard.readText()).toBe(curlCommand);
  expect(asked("exchange_as_curl")).toHaveLength(1);
});
