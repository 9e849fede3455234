import { screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import { fail } from "../../../dev/backend";
import { comparison } from "../../../dev/sample-results";
import { finishedRun, step, tokenExchange } from "../../../dev/sample-runs";
import { axeFindings } from "../../../tests/axe";
import { openWindow } from "../../../tests/window";

const openView = async (name: string) => userEvent.click(await screen.findByRole("tab", { name }));

describe("a run as a picture", () => {
  test("is an image with the same in words, for the theme the window has", async () => {
    const { asked } = openWindow(["results", "run-1"]);
    await openView("Diagram");
    const image = await screen.findByRole("img", { name: "Sequence diagram of this run" });
    expect(image.getAttribute("src")).toMatch(/^data:image\/svg\+xml,%3Csvg/);
    expect(asked("run_diagram")).toEqual([{ run: "run-1", kind: "sequence", theme: "light" }]);
    await userEvent.click(screen.getByText("The same in words"));
    expect(screen.getByText(/POST \/oauth\/token\//)).toBeVisible();
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(screen.getByRole("radio", { name: "How long it took" }));
    expect(await screen.findByRole("img", { name: "Waterfall of the times of this run" })).toBeVisible();
  });

  test("is saved where the person says", async () => {
    const { asked } = openWindow(["results", "run-1"], { path_choose: () => ({ path: "/tmp/sequence.png" }) });
    await openView("Diagram");
    await userEvent.click(await screen.findByRole("button", { name: "Save the diagram" }));
    await userEvent.click(screen.getByRole("menuitem", { name: "Save as PNG …" }));
    expect(await screen.findByText("The diagram is saved.")).toBeVisible();
    expect(asked("run_diagram_save")).toEqual([{ run: "run-1", kind: "sequence", path: "/tmp/sequence.png" }]);
    await userEvent.click(screen.getByRole("button", { name: "Show in folder" }));
    expect(asked("place_show")).toEqual([{ known: "diagram" }]);
  });

  test("says where it is saved also where the desktop shows no folder", async () => {
    openWindow(["results", "run-1"], {
      path_choose: () => ({ path: "/tmp/sequence.png" }),
      place_show: () => fail({ code: "folder_unavailable", message: "The desktop did not show /tmp/sequence.png." }),
    });
    await openView("Diagram");
    await userEvent.click(await screen.findByRole("button", { name: "Save the diagram" }));
    await userEvent.click(screen.getByRole("menuitem", { name: "Save as PNG …" }));
    await userEvent.click(await screen.findByRole("button", { name: "Show in folder" }));
    await userEvent.click(await screen.findByRole("button", { name: "Copy the path" }));
    expect(await navigator.clipboard.readText()).toBe("/tmp/sequence.png");
  });
});

describe("a run beside another", () => {
  test("says what changed and folds what any two logins have, with the reason", async () => {
    const { asked } = openWindow(["results", "run-1"]);
    await openView("Compare");
    const scope = await screen.findByRole("row", { name: /Tokens: scope changed/ });
    expect(scope).toHaveTextContent("read write");
    expect(screen.getByRole("row", { name: /Parameter prompt added/ })).toBeVisible();
    expect(screen.queryByText("Parameter state", { exact: false })).not.toBeInTheDocument();
    await userEvent.click(screen.getByRole("checkbox", { name: "Show 2 differences that any two logins have" }));
    expect(screen.getByText("It is made anew for every login.")).toBeVisible();
    expect(await axeFindings()).toEqual([]);
    await userEvent.selectOptions(screen.getByRole("combobox", { name: /Compare with/ }), screen.getByRole("option", { name: /Denied by the person/ }));
    await waitFor(() => expect(asked("run_compare").at(-1)).toEqual({ run: "run-1", other: "run-3" }));
  });

  test("says so when nothing differs, and when there is no other", async () => {
    openWindow(["results", "run-1"], { run_compare: ({ other }) => (other === null ? { ...comparison, before: null, groups: [] } : { ...comparison, groups: [] }) });
    await openView("Compare");
    expect(await screen.findByText("No other run of this client has passed.")).toBeVisible();
    await userEvent.selectOptions(screen.getByRole("combobox", { name: /Compare with/ }), screen.getByRole("option", { name: /Denied by the person/ }));
    expect(await screen.findByText("Nothing differs.")).toBeVisible();
  });
});

describe("results that have grown", () => {
  test("are marked by key and by click, tagged and deleted together", async () => {
    const { asked } = openWindow(["results"]);
    const row = await screen.findByRole("row", { name: /Lock dashboard/ });
    row.focus();
    await userEvent.keyboard(" ");
    expect(row).toHaveAttribute("aria-selected", "true");
    await userEvent.click(within(await screen.findByRole("row", { name: /Key keeper/ })).getByRole("checkbox"));
    const bar = screen.getByRole("group", { name: "Marked runs" });
    expect(bar).toHaveTextContent("2 runs marked");
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(within(bar).getByRole("button", { name: "Tags …" }));
    const dialog = within(await screen.findByRole("dialog", { name: "Tags" }));
    await userEvent.type(dialog.getByRole("combobox", { name: /Tag/ }), "release  4.2");
    await userEvent.click(dialog.getByRole("button", { name: "Add" }));
    expect(await screen.findByRole("button", { name: "Take “release 4.2” off" })).toBeVisible();
    expect(asked("run_tag")).toEqual([{ runs: ["run-3", "run-5"], tag: "release 4.2" }]);
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Done" }));
    await userEvent.click(within(bar).getByRole("button", { name: "Delete" }));
    await waitFor(() => expect(asked("run_delete")).toEqual([{ runs: ["run-3", "run-5"] }]));
    await waitFor(() => expect(screen.queryByRole("group", { name: "Marked runs" })).not.toBeInTheDocument());
  });

  test("are narrowed by a filter that was kept under a name, which is forgotten and brought back", async () => {
    const { asked } = openWindow(["results"]);
    await screen.findByRole("row", { name: /Lock dashboard/ });
    await userEvent.selectOptions(screen.getByRole("combobox", { name: "Outcome" }), "With a remark");
    await userEvent.selectOptions(await screen.findByRole("combobox", { name: "Tag" }), "before the move (2)");
    await userEvent.click(screen.getByRole("button", { name: "Filters with names" }));
    await userEvent.click(screen.getByRole("menuitem", { name: "Keep this filter …" }));
    await userEvent.type(await screen.findByRole("textbox", { name: /Name/ }), "Remarks");
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Keep" }));
    const filter = { search: "", provider: null, environment: null, verdict: "warned", browser: null, client: null, testUser: null, tag: "before the move" };
    await waitFor(() => expect(asked("filter_save")).toEqual([{ name: "Remarks", filter }]));
    await userEvent.click(await screen.findByRole("button", { name: "Show all" }));
    await userEvent.click(screen.getByRole("button", { name: "Filters with names" }));
    await userEvent.click(screen.getByRole("menuitem", { name: "Remarks" }));
    await waitFor(() => expect(asked("run_list").at(-1)).toMatchObject({ verdict: "warned", tag: "before the move" }));
    await userEvent.click(screen.getByRole("button", { name: "Filters with names" }));
    await userEvent.click(screen.getByRole("menuitem", { name: "Forget “Remarks”" }));
    await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
    await waitFor(() => expect(asked("filter_save")).toHaveLength(2));
  });

  test("have a chart of their days with a table beside it", async () => {
    const { asked } = openWindow(["results"]);
    await userEvent.click(await screen.findByRole("button", { name: "Chart of the days" }));
    expect(await screen.findByRole("img", { name: /Chart of the logins/ })).toBeVisible();
    expect(screen.getByText("77 % passed without a remark.")).toBeVisible();
    await userEvent.click(screen.getByText("As a table"));
    expect(screen.getByRole("row", { name: "2026-05-11 7 1 0 412 ms" })).toBeVisible();
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(screen.getByRole("radio", { name: "A year" }));
    await waitFor(() => expect(asked("run_trend").at(-1)).toMatchObject({ days: 365 }));
  });

  test("are kept for as long as somebody says, who is asked when some would go", async () => {
    const { asked } = openWindow(["settings"], { settings_change: (settings) => settings });
    const days = await screen.findByRole("textbox", { name: /Days runs are kept/ });
    await userEvent.type(days, "30");
    await userEvent.tab();
    const question = await screen.findByRole("alertdialog", { name: "Remove old runs?" });
    expect(question).toHaveTextContent(/31 runs from before .* will be removed for good/);
    expect(asked("settings_change")).toEqual([]);
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Remove them" }));
    await waitFor(() => expect(asked("settings_change").at(-1)).toMatchObject({ runDays: 30 }));
  });
});

describe("a run with hundreds of exchanges", () => {
  test("draws an exchange when it is opened", async () => {
    const exchanges = Array.from({ length: 500 }, () => tokenExchange);
    const steps = [step({ kind: "token_request", title: "Token request", exchanges })];
    openWindow(["results", "run-1"], { run_show: () => ({ ...finishedRun, steps }) });
    expect(await screen.findByText("500 exchanges. Open those you want to see.")).toBeVisible();
    expect(screen.queryByLabelText("Response")).not.toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: /^500\. Token request/ }));
    expect(screen.getAllByLabelText("Response")).toHaveLength(1);
  });
});
