import { createQuery } from "@tanstack/svelte-query";
import { call } from "$ipc/call";
import type { Environment } from "$ipc/gen/client";
import { keys } from "$ipc/queries";

/** One server of a provider. */
export interface Server {
  provider: string;
  environment: Environment;
}

/** The test users of one server, by name, and the people of a twin who could be some. */
export function useTestUsers(server: () => Server) {
  return createQuery(() => {
    const { provider, environment } = server();
    return { queryKey: [...keys.testUsers, provider, environment], queryFn: () => call("test_user_list", { provider, environment }) };
  });
}
