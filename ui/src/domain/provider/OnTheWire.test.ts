import { screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { axeFindings } from "../../../tests/axe";
import { openWindow } from "../../../tests/window";

async function atTheTwin(answers: Parameters<typeof openWindow>[1] = {}) {
  const opened = openWindow(["providers", "chattr"], answers);
  await userEvent.click(await screen.findByRole("radio", { name: "sandbox twin" }));
  await screen.findByText("9 statements: 2 confirmed, 1 contradicted, 6 never observed.");
  return opened;
}

test("a profile of which nothing was seen yet says what shows more", async () => {
  openWindow(["providers", "chattr"]);
  expect(await screen.findByText("9 statements: 0 confirmed, 0 contradicted, 9 never observed.")).toBeVisible();
  expect(screen.getByText(/A login at the real provider shows what of this profile is true/)).toBeVisible();
  expect(screen.getByRole("button", { name: "Report …" })).toBeDisabled();
});

test("each statement says whether the wire agrees and leads to the exchange that shows it, without findings by axe", async () => {
  await atTheTwin();
  const statements = within(screen.getByRole("region", { name: "Statements" }));
  const confirmed = statements.getByText("response_type").closest("li")!;
  expect(confirmed).toHaveTextContent(/confirmed.*It worked without response_type\..*12 runs/s);
  expect(within(confirmed).getByRole("link", { name: /^on / })).toHaveAttribute("href", "#/results/run-1/3/0");
  const contradicted = statements.getByText("Body").closest("li")!;
  expect(contradicted).toHaveTextContent(/contradicted.*A form-encoded body was wanted\..*1 run.*confirmed in 11/s);
  expect(within(contradicted).queryByRole("link"), "its run is gone").not.toBeInTheDocument();
  expect(await axeFindings()).toEqual([]);
});

test("old runs are looked through on request", async () => {
  const { asked } = await atTheTwin();
  await userEvent.click(screen.getByRole("button", { name: "Look through old runs" }));
  expect(await screen.findByText("The runs so far confirm 2 statements and contradict 1.")).toBeVisible();
  expect(asked("observations_renew")).toEqual([{ provider: "chattr", environment: "sandbox" }]);
});

test("the report is read first and then saved, without findings by axe", async () => {
  const { asked } = await atTheTwin({ path_choose: () => ({ path: "/tmp/report.md" }) });
  await userEvent.click(screen.getByRole("button", { name: "Report …" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Report to Chattr" }));
  expect(await dialog.findByText(/We saw: A form-encoded body was wanted/)).toBeVisible();
  expect(await axeFindings()).toEqual([]);
  await userEvent.click(dialog.getByRole("button", { name: "Save as a file …" }));
  await waitFor(() => expect(asked("observation_report_save")).toEqual([{ provider: "chattr", environment: "sandbox", path: "/tmp/report.md" }]));
});
