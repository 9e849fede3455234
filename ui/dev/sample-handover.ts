import type { BackupReady, ImportClient, ImportPreview } from "$ipc/gen/handover";
import type { KnownSecret, SecretSearch } from "$ipc/gen/secretSearch";

/** A version that was retired half a year ago. */
export const retired: KnownSecret = {
  client: "c1",
  clientName: "My Website Login",
  providerName: "Chattz",
  environment: "production",
  deleted: false,
  version: 3,
  state: "retired",
  since: "2026-05-12T10:00:00Z",
};

/** A search that has ended with one place. */
export const ended: SecretSearch = {
  standing: "done",
  paths: ["/srv/site"],
  files: 1204,
  megabytes: 12.3,
  milliseconds: 240,
  comparedWith: 7,
  matches: [{ path: "/srv/site/.env", line: 4, secret: retired }],
  more: 0,
  leftOut: [{ sentence: "1 file is not text.", example: "/srv/site/logo.png" }],
};

/** A client of a file that can be added. */
export const addable: ImportClient = {
  index: 0,
  name: "Guild bot",
  clientId: "def456",
  providerName: "Chattz",
  environment: "production",
  redirectUris: ["https://guild.example.org/cb"],
  hasSecret: true,
  standing: "new",
  why: null,
  took: ["clientId"],
  left: ["scope"],
};

/** A file with one client to add, one that is there already and one that cannot be taken. */
export const preview: ImportPreview = {
  look: "look-1",
  source: "a Postman environment",
  wanted: null,
  clients: [
    addable,
    { ...addable, index: 1, name: "My Website Login", clientId: "abc123", standing: "duplicate", why: "It is kept here already, as “My Website Login”, and stays as it is." },
    { ...addable, index: 2, name: "Half a client", clientId: "x", hasSecret: false, standing: "unusable", why: "A client needs a redirect URI." },
  ],
  left: ["baseUrl"],
  asksForProvider: true,
  isSomebodyElses: false,
};

/** A backup that takes the place of everything at the next start. */
export const readyBackup: BackupReady = {
  madeAt: "2026-05-12T10:00:00Z",
  madeBy: "0.1.0",
  clients: 6,
  runs: 12,
  secrets: 8,
  pictures: 14,
  leftOut: [],
};
