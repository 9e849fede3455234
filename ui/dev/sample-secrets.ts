import type { AuditList, AuditQuery, AuditRow } from "$ipc/gen/audit";
import type { DeploymentDetail, SecretBinding } from "$ipc/gen/secretVersion";
import { ago } from "./sample-runs";

/** A place that uses a secret, with everything that a test does not care about filled in. */
export function deployment(one: Partial<DeploymentDetail> & Pick<DeploymentDetail, "id" | "name">): DeploymentDetail {
  return { place: "", version: null, tickedAt: null, ...one };
}

export const deployments: DeploymentDetail[] = [
  deployment({ id: "d1", name: "web-1", place: "web-1.example.org:/etc/forum.env", version: 3, tickedAt: ago(60) }),
  deployment({ id: "d2", name: "nightly export" }),
];

/** Where a secret would go as against where it was stored for: nothing differs. */
export const intactBinding = (client: string): SecretBinding => ({ client, intact: true, refusedVersions: [], differences: [], formerKnown: true, digest: "" });

/** A client whose row was edited behind our back. */
export const changedBinding = (client: string): SecretBinding => ({
  client,
  intact: false,
  refusedVersions: [3],
  differences: [{ field: "tokenEndpoint", from: "https://chattz.net/oauth/token", to: "https://chattz.example.net/oauth/token" }],
  formerKnown: true,
  digest: "5be0c41d",
});

function line(row: Partial<AuditRow> & Pick<AuditRow, "action" | "sentence">): AuditRow {
  return { at: ago(5), actor: "user", client: "c1", clientName: "My Website Login", version: 3, run: null, detail: null, ...row };
}

const trail: AuditRow[] = [
  line({ action: "secret_revealed", sentence: "Showed the secret on screen" }),
  line({ at: ago(90), action: "destination_confirmed", sentence: "Confirmed where the secret may be sent", version: null, detail: "token endpoint: https://chattz.net/oauth/token" }),
  line({ at: ago(2000), actor: "gatewright", action: "secret_value_removed", sentence: "Removed the value of a retired secret", client: "c2", clientName: "Guild bot", version: 1 }),
];

/** The trail as the backend would answer. */
export function listAudit({ client, offset, limit }: AuditQuery): AuditList {
  const rows = trail.filter((row) => client === null || row.client === client);
  return { rows: rows.slice(offset, offset + limit), total: rows.length };
}
