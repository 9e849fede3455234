import { screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, test } from "vitest";
import { router } from "$frame/router.svelte";
import { openRuns } from "$domain/login/open-runs.svelte";
import { fail } from "../../dev/backend";
import { appState } from "../../dev/sample-app";
import { deniedRun, runRow } from "../../dev/sample-runs";
import { tara, theo } from "../../dev/sample-test-users";
import { axeFindings } from "../../tests/axe";
import { openWindow } from "../../tests/window";

const noneRunning = { app_state: () => ({ ...appState, activeRuns: [] }) };
const meant = { id: theo.id, name: theo.name, colour: theo.colour };

afterEach(() => {
  openRuns.ids = [];
});

const openTab = async () => {
  await userEvent.click(await screen.findByRole("tab", { name: "Test users" }));
};

describe("a login", () => {
  test("is anybody's until a test user is chosen", async () => {
    const { asked } = openWindow(["login", "new", "c4"], noneRunning);
    expect(await screen.findByRole("radio", { name: "Anybody" })).toBeChecked();
    await userEvent.click(await screen.findByRole("radio", { name: "Theo Tanaka" }));
    expect(screen.getByText("Theo Tanaka: has to be theo; the login window finds what it kept.")).toBeVisible();
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Log in" }));
    await waitFor(() => expect(asked("login_start")).toMatchObject([{ client: "c4", testUser: "u1", browser: "embedded" }]));
  });

  test("begins with the test user it was asked for", async () => {
    openWindow(["login", "new", "c4", "u2"], noneRunning);
    expect(await screen.findByRole("radio", { name: "Tara Thomsen" })).toBeChecked();
    expect(screen.getByText(/begins without any history each time/)).toBeVisible();
  });

  test("may be that of two personas at the same time", async () => {
    const { asked } = openWindow(["login", "new", "c4"], noneRunning);
    await userEvent.click(await screen.findByRole("radio", { name: "Theo Tanaka" }));
    await userEvent.selectOptions(screen.getByRole("combobox", { name: /second window/ }), "Tara Thomsen");
    await userEvent.click(screen.getByRole("button", { name: "Log in" }));
    await waitFor(() => expect(asked("login_start")).toMatchObject([{ testUser: "u1" }, { testUser: "u2" }]));
  });

  test("in the person's own browser cannot keep people apart, and says so", async () => {
    openWindow(["login", "new", "c4", "u1"], noneRunning);
    await screen.findByRole("radio", { name: "Theo Tanaka" });
    await userEvent.click(screen.getByRole("radio", { name: "System browser" }));
    expect(screen.getByText(/cannot keep people apart/)).toBeVisible();
    expect(screen.queryByRole("combobox", { name: /second window/ })).not.toBeInTheDocument();
  });

  test("where there is no test user says what one is and makes the first", async () => {
    const { asked } = openWindow(["login", "new", "c1"], noneRunning);
    expect(await screen.findByText(/A test user is somebody you log in as/)).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "New test user …" }));
    const dialog = await screen.findByRole("dialog", { name: "New test user" });
    await userEvent.type(within(dialog).getByRole("textbox", { name: "Name" }), "Tester A");
    await userEvent.click(within(dialog).getByRole("radio", { name: "rose" }));
    await userEvent.click(within(dialog).getByRole("radio", { name: "This subject" }));
    await userEvent.type(within(dialog).getByRole("textbox", { name: "Subject" }), "42");
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(within(dialog).getByRole("button", { name: "Add" }));
    await waitFor(() => expect(dialog).not.toBeInTheDocument());
    expect(asked("test_user_create")).toEqual([
      { provider: "chattz", environment: "production", name: "Tester A", colour: "rose", expected: { kind: "subject", subject: "42" }, storage: "kept", notes: "" },
    ]);
  });

  test("is told by its persona in its tab and in its page", async () => {
    openWindow(["login", "run-7"], { ...noneRunning, run_show: ({ run }) => ({ ...deniedRun, row: runRow({ id: run, meant, clientName: "Forum login" }) }) });
    const tabs = await screen.findByRole("navigation", { name: "Open logins" });
    expect(await within(tabs).findByRole("link", { name: /Theo Tanaka · Forum login/ })).toBeVisible();
    expect(screen.getByTitle("The test user this run was started for")).toHaveTextContent("Theo Tanaka");
    expect(await axeFindings()).toEqual([]);
  });

  test("as somebody else offers to forget what was kept", async () => {
    const sentence = "You meant to log in as Theo Tanaka (theo), but ContentDB said tara.";
    const row = runRow({ id: "run-7", meant, verdict: "failed", outcome: "wrong_person", outcomeText: "Wrong person", identity: "tara" });
    const { asked } = openWindow(["results", "run-7"], { run_show: () => ({ ...deniedRun, row, sentence, next: "Log out." }) });
    const notice = await screen.findByRole("alert");
    expect(notice).toHaveTextContent(sentence);
    await userEvent.click(within(notice).getByRole("button", { name: "Forget what was kept of Theo Tanaka" }));
    await waitFor(() => expect(asked("test_user_forget_storage")).toEqual([{ testUser: "u1" }]));
  });
});

describe("the test users of a client", () => {
  test("stand with what they have to be and what is kept of them", async () => {
    openWindow(["clients", "c4"]);
    await openTab();
    const [first, second] = await screen.findAllByRole("listitem").then((items) => items.filter((item) => within(item).queryByRole("button", { name: /^More for/ })));
    expect(first).toHaveTextContent("Tara Thomsen has to be tara · begins without any history each time");
    expect(second).toHaveTextContent("Theo Tanaka has to be theo · the login window finds what it kept");
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(within(second!).getByRole("button", { name: "Log in as Theo Tanaka" }));
    expect([router.screen, ...router.rest]).toEqual(["login", "new", "c4", "u1"]);
  });

  test("are deleted and brought back", async () => {
    const { asked } = openWindow(["clients", "c4"]);
    await openTab();
    await userEvent.click(await screen.findByRole("button", { name: "More for Theo Tanaka" }));
    await userEvent.click(screen.getByRole("menuitem", { name: "Delete" }));
    await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
    expect(asked("test_user_restore")).toEqual([{ testUser: "u1" }]);
  });

  test("have nothing forgotten of whom nothing is kept", async () => {
    openWindow(["clients", "c4"]);
    await openTab();
    await userEvent.click(await screen.findByRole("button", { name: "More for Tara Thomsen" }));
    expect(screen.getByRole("menuitem", { name: "Forget what was kept" })).toBeDisabled();
  });

  test("are refused beside the field that is wrong", async () => {
    openWindow(["clients", "c4"], {
      test_user_change: () => fail({ code: "invalid", message: "There is a test user called Tara Thomsen already.", hint: "Two of one name could not be told apart.", field: "name" }),
    });
    await openTab();
    await userEvent.click(await screen.findByRole("button", { name: "More for Theo Tanaka" }));
    await userEvent.click(screen.getByRole("menuitem", { name: "Edit …" }));
    const dialog = await screen.findByRole("dialog", { name: "Change “Theo Tanaka”" });
    await userEvent.click(within(dialog).getByRole("button", { name: "Save" }));
    expect(await within(dialog).findByRole("textbox", { name: "Name" })).toHaveAccessibleDescription(/called Tara Thomsen already/);
  });

  test("keep what a login learns meanwhile unless their expected identity is touched", async () => {
    const { asked } = openWindow(["clients", "c4"]);
    await openTab();
    const change = async (how: (dialog: HTMLElement) => Promise<void>) => {
      await userEvent.click(await screen.findByRole("button", { name: "More for Theo Tanaka" }));
      await userEvent.click(screen.getByRole("menuitem", { name: "Edit …" }));
      const dialog = await screen.findByRole("dialog", { name: "Change “Theo Tanaka”" });
      await how(dialog);
      await userEvent.click(within(dialog).getByRole("button", { name: "Save" }));
      await waitFor(() => expect(dialog).not.toBeInTheDocument());
    };
    await change((dialog) => userEvent.type(within(dialog).getByRole("textbox", { name: /^Notes/ }), "!"));
    await change((dialog) => userEvent.type(within(dialog).getByRole("textbox", { name: "Subject" }), "2"));
    await change((dialog) => userEvent.click(within(dialog).getByRole("radio", { name: "Anybody" })));
    expect(asked("test_user_change")).toMatchObject([{ expected: null }, { expected: { kind: "subject", subject: "theo2" } }, { expected: { kind: "anyone" } }]);
  });

  test("begin with the people of the twin, in one press", async () => {
    const { asked } = openWindow(["clients", "c5"]);
    await openTab();
    expect(await screen.findByText("Nobody to log in as yet.")).toBeVisible();
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Add the twin's people (4)" }));
    await waitFor(() => expect(asked("test_user_create_from_twin")).toEqual([{ provider: "gitter", environment: "sandbox" }]));
  });
});

test("a run in the list names its persona beside who it was", async () => {
  const row = runRow({ meant: { id: tara.id, name: tara.name, colour: tara.colour }, identity: "theo" });
  openWindow(["results"], { run_list: () => ({ rows: [row], total: 1 }) });
  expect(await screen.findByText("Tara Thomsen", { ignore: "option" })).toBeVisible();
  expect(screen.getByText("theo")).toBeVisible();
});
