import { createQueries, createQuery } from "@tanstack/svelte-query";
import { call } from "$ipc/call";
import type { ClientRow } from "$ipc/gen/client";
import type { RunRow } from "$ipc/gen/run";
import type { WalkPlanRow, WalkRow } from "$ipc/gen/walk";
import { keys, runKey } from "$ipc/queries";
import { readSearch } from "$domain/client/search";
import { useProviders } from "$domain/provider/queries";
import { usePlans } from "$domain/walk/queries";
import type { PaletteQuestion } from "../actions";

/** How many clients a search shows, and how many where a client is what is asked for. */
const FEW = 6;
const MANY = 40;
/** How many runs it shows. */
const RUNS = 5;
/** How many walks it looks through, the newest. */
const WALKS = 100;

/** The clients and runs that fit what was typed; the plans there are, and the newest walks. */
export function useFound(typed: () => string, question: () => PaletteQuestion) {
  const providers = useProviders();
  const anything = $derived(question() === "anything");
  const search = $derived(typed().trim());

  const clients = createQuery(() => {
    const asked = { ...readSearch(search, providers.data?.providers ?? []), ...(question() === "rotate" ? { ownership: "owned" as const } : {}) };
    return {
      queryKey: [...keys.clients, "palette", asked, anything],
      queryFn: () => call("client_list", { ...asked, offset: 0, limit: anything ? FEW : MANY }),
      enabled: !anything || search !== "",
    };
  });
  const runs = createQuery(() => ({
    queryKey: [...keys.runs, "palette", search],
    queryFn: () => call("run_list", { search, client: null, provider: null, environment: null, verdict: null, browser: null, testUser: null, tag: null, offset: 0, limit: RUNS }),
    enabled: anything && search !== "",
  }));

  const walks = useNewestWalks();
  const plans = usePlans();

  return {
    get clients(): readonly ClientRow[] {
      return clients.data?.rows ?? [];
    },
    get walks(): readonly WalkRow[] {
      return walks.data?.rows ?? [];
    },
    get plans(): readonly WalkPlanRow[] {
      return plans.data?.plans ?? [];
    },
    get runs(): readonly RunRow[] {
      return runs.data?.rows ?? [];
    },
    get busy() {
      return clients.isLoading || runs.isLoading || walks.isLoading || plans.isLoading;
    },
  };
}

function useNewestWalks() {
  return createQuery(() => ({
    queryKey: [...keys.walks, "palette"],
    queryFn: () => call("walk_list", { client: null, provider: null, plan: null, offset: 0, limit: WALKS }),
  }));
}

/** The records that were chosen before, those of them that are still there. Their keys are those of their pages, which then open at once. */
export function useRemembered(ids: readonly string[]) {
  const of = (kind: string) => ids.filter((id) => id.startsWith(`${kind}:`)).map((id) => id.slice(kind.length + 1));
  const clients = createQueries(() => ({
    queries: of("client").map((client) => ({ queryKey: [...keys.clients, "show", client], queryFn: () => call("client_show", { client }) })),
  }));
  const runs = createQueries(() => ({ queries: of("run").map((run) => ({ queryKey: runKey(run), queryFn: () => call("run_show", { run }) })) }));
  return {
    get clients(): readonly ClientRow[] {
      return clients.flatMap(({ data }) => data?.row ?? []);
    },
    get runs(): readonly RunRow[] {
      return runs.flatMap(({ data }) => data?.row ?? []);
    },
  };
}
