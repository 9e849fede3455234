import type { Scenario, WalkCounts, WalkDetail, WalkPlanDetail, WalkPlanRow, WalkRow, WalkScenario } from "$ipc/gen/walk";

export function scenario(id: string, title: string, more: Partial<Scenario> = {}): Scenario {
  return {
    id,
    title,
    instruction: `Sign in as olivia and ${title.toLowerCase()}.`,
    preparation: null,
    expected: ["Logged in.", "The provider says that it was olivia."],
    recorded: ["pages", "screenshots", "exchanges", "identity"],
    browser: null,
    testUsers: 1,
    questions: [],
    notApplicable: null,
    ...more,
  };
}

const askedAgain = { id: "asked_again", text: "At the second login, were you asked for your consent again?", expected: false };

const scenarios: Scenario[] = [
  scenario("approve", "Approve"),
  scenario("deny", "Deny", { notApplicable: "ContentDB's page has no Deny button; what it has is Cancel." }),
  scenario("cancel", "Cancel", { instruction: "Sign in as olivia and press Cancel on ContentDB's page.", expected: ["The login ends as cancelled: the bare redirect URI, without state."] }),
  scenario("close_window", "Close the window", { instruction: "Sign in as olivia. When ContentDB asks for your consent, close the window instead of deciding.", browser: "embedded", expected: ["The login ends because the window was closed."] }),
  scenario("wrong_account", "Wrong account", { instruction: "Sign in as theo, not as olivia, and approve.", testUsers: 2, expected: ["The run fails and says who it was."] }),
  scenario("consent_remembered", "Consent remembered", {
    instruction: "Log in twice as olivia: Gatewright starts the second login as soon as the first is over. Approve when you are asked.",
    preparation: "One login goes before.",
    questions: [askedAgain],
  }),
  scenario("expired_code", "Expired code", { preparation: "The code is held for 60 seconds.", expected: ["The token request is refused."] }),
];

export function planRow(row: Partial<WalkPlanRow> = {}): WalkPlanRow {
  return {
    id: "contentdb",
    title: "Consent at ContentDB",
    about: "ContentDB's cancel is the bare redirect URI without state, and a new approval replaces the token of the last one.",
    provider: "contentdb",
    providerName: "ContentDB",
    ready: true,
    scenarios: scenarios.length,
    notApplicable: 1,
    file: null,
    problems: [],
    ...row,
  };
}

export const ownPlan = planRow({ id: "ours", title: "Consent at ContentDB, ours", ready: false, file: "~/.local/share/app.gatewright.desktop/plans/ours.toml" });
export const brokenPlan = planRow({
  id: "broken",
  title: "Half a plan",
  ready: false,
  file: "~/.local/share/app.gatewright.desktop/plans/broken.toml",
  problems: [{ field: "scenario.use", message: "There is no scenario “aprove”.", hint: "Write “approve”.", line: 7 }],
});

export const planList = {
  plans: [planRow({ id: "chattr", title: "Consent at Chattr", provider: "chattr", providerName: "Chattr", notApplicable: 3 }), planRow(), ownPlan, brokenPlan],
  folder: "~/.local/share/app.gatewright.desktop/plans",
};

export const planText = `id = "ours"
title = "Consent at ContentDB, ours"
provider = "contentdb"
about = "What we look at before a release."

[[scenario]]
use = "approve"
`;

export function planDetail(row: WalkPlanRow): WalkPlanDetail {
  return { row, scenarios: row.problems.length > 0 ? [] : scenarios, text: planText, digest: row.ready ? null : "digest-1", durations: [{ scenario: "approve", seconds: 40 }] };
}

export function walkScenario(asked: Scenario, more: Partial<WalkScenario> = {}): WalkScenario {
  return {
    scenario: asked,
    status: "open",
    waitsFor: "person",
    waiting: "Read what to do, then start.",
    waitsUntil: null,
    runs: [],
    machine: asked.notApplicable === null ? null : { verdict: "notApplicable", sentence: asked.notApplicable, comparisons: [] },
    person: null,
    notes: "",
    answers: [],
    startedAt: null,
    endedAt: null,
    ...(asked.notApplicable === null ? {} : { status: "done" as const, waitsFor: "nobody" as const, waiting: "" }),
    ...more,
  };
}

const run = (id: string, outcomeText: string, part = "The login") => ({ run: id, part, outcomeText, recorded: true });

const passed = walkScenario(scenarios[0]!, {
  status: "done",
  waitsFor: "nobody",
  waiting: "",
  runs: [run("run-1", "Logged in")],
  machine: {
    verdict: "pass",
    sentence: "It went as it should.",
    comparisons: [
      { about: "Ending", expected: "logged in", received: "logged in", verdict: "pass" },
      { about: "Identity", expected: "olivia", received: "olivia", verdict: "pass" },
    ],
  },
});

export const failed = walkScenario(scenarios[2]!, {
  status: "done",
  waitsFor: "nobody",
  waiting: "",
  runs: [run("run-3", "Denied")],
  machine: {
    verdict: "fail",
    sentence: "The login ended otherwise than it should.",
    comparisons: [{ about: "Ending", expected: "cancelled: the bare redirect URI", received: "denied, with error=access_denied", verdict: "fail" }],
  },
  person: { verdict: "warn", at: "2026-05-12T10:04:00Z" },
  notes: "The page said “Cancel”, not “Deny”.",
});

const going = walkScenario(scenarios[3]!, {
  status: "goingOn",
  waiting: "Close the login window when ContentDB asks for your consent.",
  runs: [run("run-7", "Going on")],
});

const asking = walkScenario(scenarios[5]!, {
  status: "asking",
  waiting: "Answer the question below.",
  runs: [run("run-1", "Logged in", "The login before"), run("run-2", "Logged in")],
});

export const held = walkScenario(scenarios[6]!, {
  status: "goingOn",
  waitsFor: "machine",
  waiting: "The code is held until it has expired.",
  waitsUntil: new Date(Date.now() + 42_000).toISOString(),
  runs: [run("run-7", "Going on")],
});

const counts = (more: Partial<WalkCounts> = {}): WalkCounts => ({ pass: 1, warn: 0, fail: 1, inconclusive: 0, notApplicable: 1, skipped: 0, open: 4, ...more });

export function walkRow(row: Partial<WalkRow> = {}): WalkRow {
  return {
    id: "walk-1",
    plan: "contentdb",
    planTitle: "Consent at ContentDB",
    client: "c4",
    clientName: "Forum login",
    provider: "contentdb",
    providerName: "ContentDB",
    environment: "sandbox",
    startedAt: "2026-05-12T10:00:00Z",
    endedAt: null,
    status: "goingOn",
    waitsFor: "person",
    waiting: going.waiting,
    counts: counts(),
    ...row,
  };
}

export const walkRows: WalkRow[] = [
  walkRow(),
  walkRow({ id: "walk-2", status: "paused", waiting: "Paused before “Cancel”.", clientName: "My Website Login" }),
  walkRow({ id: "walk-3", status: "ended", waitsFor: "nobody", waiting: "", endedAt: "2026-05-11T10:00:00Z", counts: counts({ pass: 6, fail: 0, open: 0 }) }),
];

export function walkDetail(row: WalkRow = walkRow(), changes: readonly WalkScenario[] = [], queued: string[] = []): WalkDetail {
  const all = [passed, walkScenario(scenarios[1]!), failed, going, walkScenario(scenarios[4]!), asking, held];
  return {
    row,
    testUser: "olivia",
    otherTestUser: "theo",
    browser: "embedded",
    current: row.status === "ended" ? null : "close_window",
    queued,
    scenarios: all.map((one) => changes.find(({ scenario: { id } }) => id === one.scenario.id) ?? one),
  };
}
