import { createQuery } from "@tanstack/svelte-query";
import { call } from "$ipc/call";
import { keys } from "$ipc/queries";

/** How backup and restore stand; asked again for as long as something goes on. */
export function useBackupState() {
  return createQuery(() => ({ queryKey: keys.backup, queryFn: () => call("backup_state", {}), staleTime: 0 }));
}
