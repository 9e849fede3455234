import type { FailureCode } from "$ipc/gen/failure";

/** Where a failure's button leads. */
export type FailureAction =
  | { label: string; kind: "open"; screen: "settings" | "providers" | "sandbox" | "clients" | "results" }
  | { label: string; kind: "startSandbox" };

/** How a failure looks and what the window offers to do about it. The words of the failure itself come from the backend. */
export interface Presentation {
  severity: "info" | "warning" | "error";
  action?: FailureAction;
}

const lookAtKeyring: FailureAction = { label: "Look at the keyring", kind: "open", screen: "settings" };

/** One row per code; a code without a row does not compile. */
export const presentation: Record<FailureCode, Presentation> = {
  not_found: { severity: "info" },
  invalid: { severity: "warning" },
  not_owned: { severity: "warning" },
  refused: { severity: "warning" },
  in_use: { severity: "warning" },
  keyring_locked: { severity: "warning", action: lookAtKeyring },
  keyring_absent: { severity: "warning", action: lookAtKeyring },
  secret_lost: { severity: "warning" },
  changed_outside: { severity: "error" },
  older_database: { severity: "warning", action: lookAtKeyring },
  file_not_written: { severity: "warning" },
  sandbox_off: { severity: "warning", action: { label: "Start the sandbox", kind: "startSandbox" } },
  port_taken: { severity: "warning", action: { label: "Open Sandbox", kind: "open", screen: "sandbox" } },
  base_url_missing: { severity: "warning", action: { label: "Open Providers", kind: "open", screen: "providers" } },
  changed_meanwhile: { severity: "warning" },
  grant_ambiguous: { severity: "warning" },
  grant_over: { severity: "warning" },
  run_ended: { severity: "info" },
  browser_unavailable: { severity: "warning" },
  clipboard_unavailable: { severity: "warning" },
  folder_unavailable: { severity: "warning" },
  read_only: { severity: "error" },
  disk_full: { severity: "error" },
  internal: { severity: "error" },
};
