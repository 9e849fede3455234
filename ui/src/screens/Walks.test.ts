import { screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { emit } from "@tauri-apps/api/event";
import { describe, expect, test } from "vitest";
import { EVENT_NAME } from "$ipc/events";
import { router } from "$frame/router.svelte";
import { fail } from "../../dev/backend";
import { failed, held, ownPlan, planDetail, planText, walkDetail, walkRow } from "../../dev/sample-walks";
import { axeFindings } from "../../tests/axe";
import { openWindow } from "../../tests/window";

const inHand = async (title: string) => screen.findByRole("heading", { level: 2, name: title });
const opens = async (title: RegExp) => userEvent.click(await within(await screen.findByRole("navigation", { name: "Scenarios" })).findByRole("button", { name: title }));

describe("the list of walks", () => {
  test("says of each how far it has come, what was found, and whose turn it is", async () => {
    openWindow(["walks"]);
    expect(await screen.findByRole("row", { name: /Consent at ContentDB Forum login .*3 of 7 .*your turn Close the login window/ })).toBeVisible();
    expect(screen.getByRole("row", { name: /My Website Login .*paused/ })).toBeVisible();
    expect(screen.getByRole("row", { name: /7 of 7 .*passed/ })).toBeVisible();
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(screen.getByRole("row", { name: /paused/ }));
    expect(router.rest).toEqual(["walk-2"]);
  });

  test("that is empty says what a walk is and leads to the plans", async () => {
    openWindow(["walks"], { walk_list: () => ({ rows: [], total: 0 }) });
    expect(await screen.findByText("Nobody has walked a plan yet.")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Choose a plan" }));
    expect(router.rest).toEqual(["plans"]);
  });
});

describe("a plan", () => {
  test("tells before anything starts what to do, what should happen, and what does not apply", async () => {
    openWindow(["walks", "plans", "contentdb"]);
    expect(await screen.findByRole("heading", { name: "Consent at ContentDB" })).toBeVisible();
    expect(screen.getByText(/6 scenarios · about 6 minutes · 1 more do not apply to ContentDB/)).toBeVisible();
    expect(screen.getByText("Sign in as olivia and press Cancel on ContentDB's page.")).toBeVisible();
    expect(screen.getByText(/has no Deny button/)).toBeVisible();
    await userEvent.click(screen.getAllByText("What should happen")[1]!);
    expect(screen.getByText(/ends as cancelled/)).toBeVisible();
    expect(screen.queryByRole("button", { name: "Edit" })).not.toBeInTheDocument();
    expect(await axeFindings()).toEqual([]);
  });

  test("is walked with a client of its provider, as two people where one scenario needs that, in whole or in part", async () => {
    const { asked } = openWindow(["walks", "plans", "contentdb"]);
    await userEvent.click(await screen.findByRole("button", { name: "Walk this plan" }));
    const dialog = await screen.findByRole("dialog", { name: "Walk “Consent at ContentDB”" });
    expect(await within(dialog).findByRole("radio", { name: "Forum login" })).toBeChecked();
    const walker = within(dialog).getByRole("combobox", { name: /^Test user/ });
    await waitFor(() => expect(walker).toHaveDisplayValue("Tara Thomsen"));
    expect(within(dialog).getByRole("combobox", { name: /^Another test user/ })).toHaveDisplayValue("Theo Tanaka");
    expect(within(dialog).queryByText(/Without two test users/)).not.toBeInTheDocument();
    await userEvent.selectOptions(walker, "Nobody in particular");
    expect(within(dialog).getByText(/Without two test users/)).toBeVisible();
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(within(dialog).getByRole("checkbox", { name: "Wrong account" }));
    expect(within(dialog).queryByText(/Without two test users/)).not.toBeInTheDocument();
    await userEvent.click(within(dialog).getByRole("button", { name: "Begin the walk" }));
    await waitFor(() => expect(router.rest).toEqual(["walk-9"]));
    expect(asked("walk_start")).toEqual([
      {
        plan: "contentdb",
        client: "c4",
        testUser: null,
        otherTestUser: null,
        browser: "embedded",
        scenarios: ["approve", "cancel", "close_window", "consent_remembered", "expired_code"],
      },
    ]);
  });

  test("can be walked one scenario at a time", async () => {
    const { asked } = openWindow(["walks", "plans", "contentdb"]);
    await userEvent.click(await screen.findByRole("button", { name: "Only this one: Cancel" }));
    await screen.findByRole("radio", { name: "Forum login" });
    await userEvent.click(screen.getByRole("button", { name: "Begin the walk" }));
    await waitFor(() => expect(asked("walk_start")[0]).toMatchObject({ scenarios: ["cancel"], testUser: "u2" }));
  });

  test("without a client at its provider leads to making one", async () => {
    openWindow(["walks", "plans", "contentdb"], { client_list: () => ({ rows: [], total: 0, owned: 0, shared: 0, tags: [] }) });
    await userEvent.click(await screen.findByRole("button", { name: "Walk this plan" }));
    expect(await screen.findByText("There is no client at ContentDB yet.")).toBeVisible();
    expect(screen.getByRole("button", { name: "Begin the walk" })).toBeDisabled();
    await userEvent.click(screen.getByRole("button", { name: "Make one" }));
    expect([router.screen, ...router.rest]).toEqual(["clients", "new"]);
  });

  test("is duplicated into a file of one's own, and edited with its mistakes beside it", async () => {
    const { asked } = openWindow(["walks", "plans", "contentdb"]);
    await userEvent.click(await screen.findByRole("button", { name: "Duplicate" }));
    const title = await screen.findByRole("textbox", { name: "Title" });
    await userEvent.clear(title);
    await userEvent.type(title, "Before a release{Enter}");
    await waitFor(() => expect(router.rest).toEqual(["plans", "ours", "edit"]));
    expect(asked("walk_plan_duplicate")).toEqual([{ plan: "contentdb", title: "Before a release", text: null }]);
    const text = await screen.findByRole("textbox", { name: "Plan as TOML" });
    expect(await screen.findByText("No mistakes: it can be kept.")).toBeVisible();
    await userEvent.type(text, "use = aprove");
    expect(await screen.findByText("There is no scenario “aprove”.")).toBeVisible();
    expect(screen.getByRole("button", { name: "Save" })).toBeDisabled();
    expect(await axeFindings()).toEqual([]);
  });

  test("whose file has changed meanwhile is not written over: both texts can be seen, and one's own saved as a copy", async () => {
    const file = "# Somebody else's.\n" + planText;
    let digest = "digest-1";
    const { asked } = openWindow(["walks", "plans", "mine", "edit"], {
      walk_plan_show: () => ({ ...planDetail({ ...ownPlan, id: "mine" }), digest, text: digest === "digest-1" ? planText : file }),
      walk_plan_save: ({ replaces, text }) => {
        if (replaces?.digest === digest) return { ...planDetail({ ...ownPlan, id: "mine" }), text };
        return fail({ code: "changed_meanwhile", message: "The file of this plan has changed." });
      },
    });
    await screen.findByText("No mistakes: it can be kept.");
    await userEvent.type(screen.getByRole("textbox", { name: "Plan as TOML" }), "# Mine.");
    digest = "digest-2";
    await userEvent.click(await screen.findByRole("button", { name: "Save" }));
    expect(await screen.findByText("The file of this plan has changed.")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Compare the two" }));
    const dialog = await screen.findByRole("dialog", { name: /^Two texts of/ });
    expect(within(within(dialog).getByRole("group", { name: "In the file" })).getByText("# Somebody else's.").tagName).toBe("MARK");
    expect(within(within(dialog).getByRole("group", { name: "As you have it" })).getByText(/# Mine\.$/).tagName).toBe("MARK");
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(within(dialog).getByRole("button", { name: "Close" }));

    await userEvent.type(screen.getByRole("textbox", { name: "Plan as TOML" }), "!");
    await waitFor(() => expect(asked("walk_plan_check").at(-1)).toEqual({ replaces: { plan: "mine", file: ownPlan.file, digest: "digest-1" }, text: planText + "# Mine.!" }));
    expect(await screen.findByText("No mistakes: it can be kept.")).toBeVisible();
    expect(screen.getByText("The file of this plan has changed.")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Save mine as a copy…" }));
    await userEvent.click(await screen.findByRole("button", { name: "Duplicate" }));
    await waitFor(() => expect(asked("walk_plan_duplicate")).toMatchObject([{ plan: "mine", text: planText + "# Mine.!" }]));
  });

  test("whose file holds another plan by now is compared with that; to go on with it can be undone", async () => {
    const other = { ...ownPlan, id: "bob", title: "Bob's" };
    let there = { ...ownPlan, id: "alice" };
    openWindow(["walks", "plans", "alice", "edit"], {
      walk_plans: () => ({ plans: [there], folder: "" }),
      walk_plan_show: ({ plan }) => {
        if (plan !== there.id) return fail({ code: "not_found", message: "There is no such plan." });
        return { ...planDetail(there), digest: there.id, text: `${planText}# ${there.id}` };
      },
      walk_plan_save: () => fail({ code: "changed_meanwhile", message: "It has changed." }),
    });
    await screen.findByText("No mistakes: it can be kept.");
    const text = screen.getByRole("textbox", { name: "Plan as TOML" });
    await userEvent.type(text, "!");
    there = other;
    await userEvent.click(await screen.findByRole("button", { name: "Save" }));
    await userEvent.click(await screen.findByRole("button", { name: "Compare the two" }));
    await userEvent.click(await screen.findByRole("button", { name: "Go on with the file's" }));
    await waitFor(() => expect(text).toHaveValue(`${planText}# bob`));
    expect(screen.queryByRole("button", { name: "Compare the two" })).not.toBeInTheDocument();
    await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
    await waitFor(() => expect(text).toHaveValue(`${planText}# alice!`));
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByRole("button", { name: "Compare the two" })).toBeVisible();
  });

  test("whose file has changed meanwhile is written over by who has seen that, and both texts come back", async () => {
    let digest = "digest-1";
    const { asked } = openWindow(["walks", "plans", "shared", "edit"], {
      walk_plan_show: () => ({ ...planDetail({ ...ownPlan, id: "shared" }), digest }),
      walk_plan_save: ({ replaces }) => (replaces?.digest === digest ? planDetail({ ...ownPlan, id: "shared" }) : fail({ code: "changed_meanwhile", message: "It has changed." })),
      walk_plan_take_back: () => planDetail({ ...ownPlan, id: "shared" }),
    });
    await screen.findByText("No mistakes: it can be kept.");
    await userEvent.type(screen.getByRole("textbox", { name: "Plan as TOML" }), "# Mine.");
    digest = "digest-2";
    await userEvent.click(await screen.findByRole("button", { name: "Save" }));
    await userEvent.click(await screen.findByRole("button", { name: "Compare the two" }));
    await userEvent.click(await screen.findByRole("button", { name: "Write mine over it" }));
    await waitFor(() => expect(router.rest).toEqual(["plans", "shared"]));
    expect(asked("walk_plan_save")).toMatchObject([{ replaces: { digest: "digest-1" } }, { replaces: { plan: "shared", digest: "digest-2" } }]);

    await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
    await waitFor(() => expect(router.rest).toEqual(["plans", "shared", "edit"]));
    expect(asked("walk_plan_take_back")).toEqual([{ plan: "shared", file: ownPlan.file, digest: "digest-1" }]);
    expect(await screen.findByRole("textbox", { name: "Plan as TOML" })).toHaveValue(planText + "# Mine.");
  });

  test("whose file has mistakes cannot be walked, and says where the first one is", async () => {
    openWindow(["walks", "plans", "broken"]);
    expect(await screen.findByText(/Line 7: There is no scenario/)).toBeVisible();
    expect(screen.getByRole("button", { name: "Walk this plan" })).toBeDisabled();
    await userEvent.click(screen.getByRole("button", { name: "See them in the text" }));
    expect(router.rest).toEqual(["plans", "broken", "edit"]);
  });
});

describe("a walk", () => {
  test("opens at the scenario in hand, with the instruction alone and whom it waits for in words", async () => {
    openWindow(["walks", "walk-1"]);
    expect(await inHand("Close the window")).toBeVisible();
    expect(screen.getByText(/close the window instead of deciding\.$/)).toBeVisible();
    expect(screen.getByRole("region", { name: "What should happen" })).toHaveTextContent("The login ends because the window was closed.");
    expect(screen.getByText("Your turn").closest("[role=status]")).toHaveTextContent("Close the login window when ContentDB asks for your consent.");
    expect(await screen.findByRole("list", { name: "Steps of the login" })).toBeVisible();
    expect(screen.getByRole("link", { name: "See this login" })).toHaveAttribute("href", "#/login/run-7");
    expect(await axeFindings()).toEqual([]);
  });

  test("says that Gatewright is at work, for how long, and lets nobody wait who does not want to", async () => {
    const { asked } = openWindow(["walks", "walk-1", "expired_code"]);
    expect((await screen.findByText("Gatewright is at work")).closest("[role=status]")).toHaveTextContent("The code is held until it has expired.");
    expect(screen.getByRole("timer")).toHaveTextContent(/\d+ s left/);
    expect(screen.queryByText("Your turn")).not.toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Do not wait" }));
    await waitFor(() => expect(asked("login_cancel")).toEqual([{ run: held.runs[0]!.run }]));
  });

  test("is walked by keyboard: a scenario is started, and the next one opened", async () => {
    const { asked } = openWindow(["walks", "walk-1", "wrong_account"]);
    await inHand("Wrong account");
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(() => expect(asked("walk_scenario_start")).toEqual([{ walk: "walk-1", scenario: "wrong_account" }]));
    await opens(/^Approve passed/);
    await inHand("Approve");
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    expect(await inHand("Close the window")).toBeVisible();
    within(screen.getByRole("navigation", { name: "Scenarios" })).getByRole("button", { name: /Close the window/ }).focus();
    await userEvent.keyboard("{ArrowDown}");
    expect(await inHand("Wrong account")).toBeVisible();
    expect(screen.getByRole("button", { name: /^Wrong account/ })).toHaveFocus();
  });

  test("goes on by itself through all that is left, until somebody stops that", async () => {
    const shown = walkDetail();
    const open = shown.scenarios.map((one) => (one.status === "asking" ? { ...one, status: "open" as const } : one));
    const { asked } = openWindow(["walks", "walk-1", "cancel"], { walk_show: () => ({ ...shown, scenarios: open }), walk_scenarios_end: () => ({ ...shown, scenarios: open }) });
    await inHand("Cancel");
    await userEvent.click(screen.getByRole("button", { name: /^Run all \d/ }));
    await userEvent.click(await screen.findByRole("button", { name: "Stop after this one" }));
    expect(await screen.findByRole("button", { name: /^Run all/ })).toBeVisible();
    expect([asked("walk_scenarios_start"), asked("walk_scenarios_end")]).toEqual([[{ walk: "walk-1", scenarios: null }], [{ walk: "walk-1" }]]);
    expect(await inHand("Cancel"), "what is read stays open while nothing else starts").toBeVisible();
  });

  test("shows the scenario that has just started by itself", async () => {
    const started = walkDetail();
    let walk = { ...started, scenarios: started.scenarios.map((one) => (one.status === "goingOn" ? { ...one, status: "open" as const } : one)) };
    openWindow(["walks", "walk-1", "approve"], { walk_show: () => walk });
    await inHand("Approve");
    walk = started;
    await emit(EVENT_NAME, { kind: "walksChanged", data: "walk-1" });
    expect(await inHand("Close the window")).toBeVisible();
  });

  test("shows a failure as expected beside received, and its badge leads to the login", async () => {
    openWindow(["walks", "walk-1", "cancel"]);
    const found = await screen.findByRole("region", { name: "What Gatewright found" });
    expect(within(found).getByRole("row", { name: /Ending cancelled: the bare redirect URI denied, with error=access_denied failed/ })).toBeVisible();
    expect(within(found).getByRole("link", { name: /failed/ })).toHaveAttribute("href", "#/results/run-3");
    expect(screen.getByRole("button", { name: /Cancel failed · you: with a remark/ })).toHaveAttribute("aria-current", "step");
    expect(await axeFindings()).toEqual([]);
  });

  test("keeps the person's verdict and notes as they are typed, and what the machine tells does not write over them", async () => {
    const { asked } = openWindow(["walks", "walk-1", "cancel"]);
    const notes = await screen.findByRole("textbox", { name: /Notes/ });
    expect(notes).toHaveValue(failed.notes);
    await userEvent.clear(notes);
    await userEvent.type(notes, "Seen twice.");
    await emit(EVENT_NAME, { kind: "walksChanged", data: "walk-1" });
    await waitFor(() => expect(asked("walk_judge").at(-1)).toEqual({ walk: "walk-1", scenario: "cancel", verdict: "warn", notes: "Seen twice.", answers: [] }));
    expect(notes).toHaveValue("Seen twice.");
    await userEvent.click(screen.getByRole("radio", { name: "failed" }));
    await waitFor(() => expect(asked("walk_judge").at(-1)).toMatchObject({ verdict: "fail" }));
    expect(await screen.findByText("Kept")).toBeVisible();
  });

  test("keeps notes that were not kept yet when another scenario is opened", async () => {
    const { asked } = openWindow(["walks", "walk-1", "cancel"]);
    await userEvent.type(await screen.findByRole("textbox", { name: /Notes/ }), "!");
    await opens(/^Approve/);
    await waitFor(() => expect(asked("walk_judge").at(-1)).toMatchObject({ scenario: "cancel", notes: `${failed.notes}!` }));
  });

  test("asks what only the person can see", async () => {
    const { asked } = openWindow(["walks", "walk-1", "consent_remembered"]);
    const question = await screen.findByRole("group", { name: "At the second login, were you asked for your consent again?" });
    expect(within(question).queryByRole("radio", { checked: true })).not.toBeInTheDocument();
    await userEvent.click(within(question).getByRole("radio", { name: "No" }));
    await waitFor(() => expect(asked("walk_judge")).toEqual([{ walk: "walk-1", scenario: "consent_remembered", verdict: null, notes: "", answers: [{ question: "asked_again", yes: false }] }]));
    expect(await axeFindings()).toEqual([]);
  });

  test("is where a login that it started leads back to", async () => {
    openWindow(["results", "run-3"]);
    await userEvent.click(await screen.findByRole("link", { name: "Consent at ContentDB: Cancel" }));
    expect(await inHand("Cancel")).toBeVisible();
  });

  test("lets a scenario be skipped, with a reason", async () => {
    const { asked } = openWindow(["walks", "walk-1", "wrong_account"]);
    await userEvent.click(await screen.findByRole("button", { name: "Skip …" }));
    const dialog = await screen.findByRole("dialog", { name: "Skip “Wrong account”" });
    expect(within(dialog).getByRole("button", { name: "Skip" })).toBeDisabled();
    await userEvent.type(within(dialog).getByRole("textbox", { name: "Reason" }), "No second account.");
    await userEvent.click(within(dialog).getByRole("button", { name: "Skip" }));
    await waitFor(() => expect(asked("walk_skip")).toEqual([{ walk: "walk-1", scenario: "wrong_account", reason: "No second account." }]));
    expect(await screen.findByText("No second account.")).toBeVisible();
  });

  test("is paused and gone on with tomorrow", async () => {
    const { asked } = openWindow(["walks", "walk-1"]);
    await userEvent.click(await screen.findByRole("button", { name: "Pause" }));
    await userEvent.click(await screen.findByRole("button", { name: "Go on" }));
    await screen.findByRole("button", { name: "Pause" });
    expect([asked("walk_pause"), asked("walk_resume")]).toEqual([[{ walk: "walk-1" }], [{ walk: "walk-1" }]]);
  });

  test("is deleted past a menu, and comes back", async () => {
    const { asked } = openWindow(["walks", "walk-1"]);
    await userEvent.click(await screen.findByRole("button", { name: "More for this walk" }));
    await userEvent.click(await screen.findByRole("menuitem", { name: "Delete" }));
    await waitFor(() => expect(router.rest).toEqual([]));
    await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
    await waitFor(() => expect(asked("walk_restore")).toEqual([{ walk: "walk-1" }]));
  });

  test("that cannot be begun says why, and stays where it was", async () => {
    openWindow(["walks", "walk-1", "wrong_account"], { walk_scenario_start: () => fail({ code: "in_use", message: "Another login of this walk is open." }) });
    await userEvent.click(await screen.findByRole("button", { name: "Start" }));
    expect(await screen.findByText("Another login of this walk is open.")).toBeVisible();
    expect(await inHand("Wrong account")).toBeVisible();
  });

  test("that ended has its verdicts counted and waits for nobody", async () => {
    openWindow(["walks", "walk-3"], { walk_show: () => walkDetail(walkRow({ id: "walk-3", status: "ended", counts: { pass: 5, warn: 0, fail: 1, inconclusive: 0, notApplicable: 1, skipped: 0, open: 0 } }), []) });
    expect(await screen.findByText("7 of 7 done")).toBeVisible();
    expect(screen.getByText("1 failed")).toBeVisible();
    expect(screen.queryByRole("button", { name: "Pause" })).not.toBeInTheDocument();
  });
});
