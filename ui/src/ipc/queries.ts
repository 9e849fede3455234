import { QueryClient, type QueryKey } from "@tanstack/svelte-query";
import type { Event } from "./gen/events";

/** The query cache of the window. The backend is always there, whatever the network does, and says itself when something changed. */
export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { networkMode: "always", staleTime: Infinity, gcTime: 5 * 60_000, retry: false, refetchOnWindowFocus: false },
      mutations: { networkMode: "always", retry: false },
    },
  });
}

/** First parts of the cache's keys: everything under one of them is fetched again together. */
export const keys = {
  app: ["app"],
  clients: ["clients"],
  runs: ["runs"],
  testUsers: ["testUsers"],
  evidence: ["evidence"],
  preflights: ["preflights"],
  providers: ["providers"],
  rotations: ["rotations"],
  audit: ["audit"],
  sandbox: ["sandbox"],
  sandboxLog: ["sandboxLog"],
  secretSearch: ["secretSearch"],
  report: ["report"],
  backup: ["backup"],
  walks: ["walks"],
  pathsDropped: ["pathsDropped"],
  settings: ["settings"],
} as const satisfies Record<string, QueryKey>;

/** Key of one run, where its progress is written as it comes. */
export const runKey = (run: string): QueryKey => [...keys.runs, "show", run];

/** Key of one preflight; its answers come one after the other. */
export const preflightKey = (preflight: string): QueryKey => [...keys.preflights, "show", preflight];

/** Which parts of the cache an event makes old. */
const touched: Record<Event["kind"], readonly QueryKey[]> = {
  clientsChanged: [keys.clients, keys.app, keys.providers, keys.rotations, keys.audit, keys.preflights],
  runsChanged: [keys.runs, keys.clients, keys.app, keys.testUsers],
  runProgress: [],
  testUsersChanged: [keys.testUsers],
  evidenceChanged: [keys.evidence],
  preflightChanged: [],
  providersChanged: [keys.providers, keys.clients, keys.preflights],
  sandboxChanged: [keys.sandbox, keys.app, keys.clients, keys.providers, keys.preflights],
  sandboxRequests: [],
  rotationsChanged: [keys.rotations, keys.clients, keys.audit],
  secretSearchChanged: [],
  reportChanged: [keys.report],
  backupChanged: [keys.backup],
  walksChanged: [keys.walks],
  pathsDropped: [],
  keyringChanged: [keys.app, keys.clients, keys.preflights],
  settingsChanged: [keys.settings, keys.app],
  focused: [],
};

/** Files and folders that were dropped on the window; each drop has a number of its own. */
export interface Drop {
  paths: readonly string[];
  number: number;
}

/** How many requests of the sandbox the window keeps. */
const LOG_LENGTH = 500;

/** Brings the cache up to date with what the backend said. */
export function applyEvent(client: QueryClient, event: Event): void {
  if (event.kind === "runProgress") {
    client.setQueryData(runKey(event.data.row.id), event.data);
  } else if (event.kind === "preflightChanged") {
    void client.invalidateQueries({ queryKey: preflightKey(event.data.preflight) });
  } else if (event.kind === "sandboxRequests") {
    client.setQueryData<{ entries: typeof event.data }>(keys.sandboxLog, (log) => ({
      entries: [...(log?.entries ?? []), ...event.data].slice(-LOG_LENGTH),
    }));
  } else if (event.kind === "secretSearchChanged") {
    // Only how often it went on: whoever shows the search asks for it then.
    client.setQueryData<number>(keys.secretSearch, (times = 0) => times + 1);
  } else if (event.kind === "pathsDropped") {
    client.setQueryData<Drop>(keys.pathsDropped, (last) => ({ ...event.data, number: (last?.number ?? 0) + 1 }));
  }
  for (const queryKey of touched[event.kind]) void client.invalidateQueries({ queryKey });
}
