import type { RotationBoard, RotationBoardQuery, RotationBoardRow, RotationDetail, RotationOptions, RotationStepDetail } from "$ipc/gen/rotation";
import { ago } from "./sample-runs";

const DAY = 24 * 60;

/** A row of the board, with everything that a test does not care about filled in. */
export function boardRow(row: Partial<RotationBoardRow> & Pick<RotationBoardRow, "client" | "clientName">): RotationBoardRow {
  return {
    provider: "chattz",
    providerName: "Chattz",
    environment: "production",
    version: 1,
    ageDays: 3,
    dueAt: ago(-87 * DAY),
    urgency: "fine",
    standing: "accepted",
    provedAt: ago(120),
    deployments: 0,
    rotation: null,
    ...row,
  };
}

export const boardRows: RotationBoardRow[] = [
  boardRow({ client: "c2", clientName: "Guild bot", provider: "chattr", providerName: "Chattr", ageDays: 97, dueAt: ago(7 * DAY + 60), urgency: "due" }),
  boardRow({
    client: "c5",
    clientName: "Room archive",
    provider: "gitter",
    providerName: "Gitter",
    environment: "sandbox",
    ageDays: 93,
    dueAt: ago(3 * DAY + 60),
    urgency: "due",
    rotation: { rotation: "rot-1", step: 3, steps: 6, title: "Tick off who uses the old one", waitsFor: "person" },
  }),
  boardRow({ client: "c1", clientName: "My Website Login", version: 3, ageDays: 84, dueAt: ago(-6 * DAY), urgency: "soon", deployments: 3, standing: "refused", provedAt: null }),
  boardRow({ client: "c4", clientName: "Forum login", provider: "contentdb", providerName: "ContentDB", environment: "sandbox", version: 3, ageDays: 5, dueAt: null, urgency: "never" }),
  boardRow({ client: "c3", clientName: "Lock dashboard", provider: "chaster", providerName: "Chaster", version: 2, ageDays: 0 }),
];

/** The board as the backend would answer. */
export function listBoard({ only, offset, limit }: RotationBoardQuery): RotationBoard {
  const matching = boardRows.filter((row) => only === "all" || (only === "due" ? row.urgency === "due" : row.rotation !== null));
  return {
    rows: matching.slice(offset, offset + limit),
    total: matching.length,
    due: 2,
    underWay: 1,
    ages: [
      { label: "under 60 days", secrets: 2, urgency: "fine" },
      { label: "60 to 90 days", secrets: 1, urgency: "soon" },
      { label: "over 90 days", secrets: 2, urgency: "due" },
    ],
  };
}

const titles = [
  ["proveOld", "Working secret proved", "v1 was accepted: asked with a nonsense code, nobody had to log in."],
  ["obtainNew", "New secret stored", "v2 is in your keyring. Nothing uses it yet."],
  ["moveDeployments", "Tick off who uses the old one", "Put the new client ID and secret there, then tick it off."],
  ["proveNew", "Prove v2", "A probe, then one real login. If either fails, v1 stays in use."],
  ["promote", "Let logins use v2", "From then on v1 is only kept to roll back."],
  ["retireOld", "Retire v1", "Delete the old client at the provider, prove that v1 is refused, remove it from the keyring."],
] as const;

/** The steps of a runbook of which the one with this number is next. */
export function stepsAt(next: number, changes: Partial<RotationStepDetail> = {}): RotationStepDetail[] {
  return titles.map(([kind, title, sentence], index) => {
    const number = index + 1;
    const step: RotationStepDetail = { number, kind, title, sentence, state: number < next ? "done" : number === next ? "next" : "later", waitsFor: number === next ? "person" : "nobody" };
    return number === next ? { ...step, ...changes } : step;
  });
}

const rollBack = { kind: "rollBack", label: "Roll back to v1", primary: false, confirm: "Logins use v1 again, and v2 leaves the keyring. What you moved already has to be moved back." } as const;

/** A rotation that waits at its third step, with everything that a test does not care about filled in. */
export function rotationDetail(changes: Partial<RotationDetail> = {}): RotationDetail {
  return {
    id: "rot-1",
    client: "c5",
    clientName: "Room archive",
    provider: "gitter",
    providerName: "Gitter",
    environment: "sandbox",
    strategy: "replaceClient",
    strategyReason: "this provider cannot change a secret",
    driver: "byHand",
    state: "underWay",
    sentence: "Waiting for you at step 3.",
    steps: stepsAt(3),
    secrets: [
      { version: 1, isOld: true, clientId: "7b1e55d09a4290", lastFour: "4b1e", state: "active", place: "keyring", proof: { standing: "accepted", at: ago(3), sentence: "A nonsense code was refused as a code, so the secret was accepted.", run: null } },
      { version: 2, isOld: false, clientId: "09ffc2a7d1e834", lastFour: "c09d", state: "staged", place: "keyring", proof: null },
    ],
    deployments: [
      { deployment: "d1", name: "web-1", moved: true },
      { deployment: "d2", name: "web-2", moved: true },
      { deployment: "d3", name: "nightly export", moved: false },
    ],
    ifStoppedNow: "v1 keeps working. On the next start Gatewright continues at step 3.",
    actions: [
      { kind: "tickDeployment", label: "Tick off", primary: true, confirm: null },
      { kind: "passOver", label: "Go on without", primary: false, confirm: "The nightly export still uses v1. It stops working when v1 is retired." },
      rollBack,
    ],
    guide: [],
    loginRun: null,
    startedAt: ago(20),
    endedAt: null,
    ...changes,
  };
}

/** A rotation that waits for a new secret to be pasted. */
export const waitsForPaste: Partial<RotationDetail> = {
  id: "rot-2",
  steps: stepsAt(2, { title: "Get a new secret", sentence: "Make a second client on Gitter's page and paste its ID and secret here." }),
  ifStoppedNow: "v1 keeps working. On the next start Gatewright continues at step 2; a client you made meanwhile stays at Gitter.",
  actions: [
    { kind: "pasteNew", label: "Store the new secret", primary: true, confirm: null },
    { kind: "abandon", label: "Give it up", primary: false, confirm: "Nothing has changed at the provider." },
  ],
  guide: [
    { text: "Open the page for a new app.", copy: null, page: "http://127.0.0.1:40123/gitter/apps/new" },
    { text: "Type this name:", copy: "Room archive 2", page: null },
    { text: "Type this redirect URI:", copy: "https://example.com/gitter-callback", page: null },
  ],
};

/** A rotation whose new secret a login has to prove. */
export const waitsForLogin: Partial<RotationDetail> = {
  id: "rot-3",
  steps: stepsAt(4),
  actions: [
    { kind: "login", label: "Log in with v2", primary: true, confirm: null },
    { kind: "passOver", label: "Go on without", primary: false, confirm: "Only the probe says that v2 works." },
    rollBack,
  ],
  ifStoppedNow: "v1 keeps working. On the next start Gatewright continues at step 4.",
};

/** A rotation that is through. */
export const overAndDone: Partial<RotationDetail> = {
  id: "rot-4",
  state: "completed",
  sentence: "v2 is in use, and v1 is refused by Gitter.",
  steps: stepsAt(7),
  secrets: [
    { version: 1, isOld: true, clientId: "7b1e55d09a4290", lastFour: "4b1e", state: "retired", place: "keyring", proof: { standing: "refused", at: ago(1), sentence: "The provider does not know this client any more.", run: null } },
    { version: 2, isOld: false, clientId: "09ffc2a7d1e834", lastFour: "c09d", state: "active", place: "keyring", proof: { standing: "accepted", at: ago(2), sentence: "A login with it went through.", run: "run-1" } },
  ],
  deployments: [],
  ifStoppedNow: "Nothing is open. v2 keeps working.",
  actions: [],
  endedAt: ago(1),
};

/** How a secret could be rotated, with two ways to choose from. */
export const rotationOptions: RotationOptions = {
  client: "c1",
  obstacle: null,
  underWay: null,
  ways: [
    {
      strategy: "overlap",
      drivers: ["sandbox", "byHand"],
      sentence: "The provider takes two secrets at once. Everything moves at its own time, and the old one goes last.",
      mark: "observed",
      note: "The sandbox's twin can do this.",
      downtime: false,
      steps: titles.map(([, title]) => title),
    },
    {
      strategy: "cutOver",
      drivers: ["byHand"],
      sentence: "The new secret takes the place of the old one at once.",
      mark: "documented",
      note: null,
      downtime: true,
      steps: titles.map(([, title]) => title),
    },
  ],
  deployments: ["web-1", "web-2"],
};
