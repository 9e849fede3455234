import type { Environment } from "$ipc/gen/client";
import type { ObservationReport, Observations, Sighting } from "$ipc/gen/observation";

const sighting = (saw: string, times: number): Sighting => ({ saw, times, firstAt: "2026-04-02T09:00:00Z", seenAt: "2026-05-11T15:20:00Z", exchange: { run: "run-1", step: 3, exchange: 0 } });

/** What was seen at a twin; nothing yet at the real provider. */
export function observations(environment: Environment): Observations {
  if (environment === "production") return { statements: [], total: 9, confirmed: 0, contradicted: 0, silent: 9 };
  return {
    statements: [
      { field: "endpoints.token", agreement: "confirmed", confirmed: sighting("It answered there, with status 200.", 12), contradicted: null },
      { field: "dialect.authorization.response_type", agreement: "confirmed", confirmed: sighting("It worked without response_type.", 12), contradicted: null },
      { field: "dialect.token_request.encoding", agreement: "contradicted", confirmed: sighting("A body written so was taken.", 11), contradicted: { ...sighting("A form-encoded body was wanted.", 1), exchange: null } },
    ],
    total: 9,
    confirmed: 2,
    contradicted: 1,
    silent: 6,
  };
}

/** A report as the backend writes it. */
export const observationReport: ObservationReport = {
  text: "# Chattr: the document and the server\n\n9 statements: 2 confirmed, 1 contradicted, 6 never observed.\n\n## Where the document and the server differ\n\n### 1. Body\n\n- The document says: JSON object (Step 2, cURL sample).\n- We saw: A form-encoded body was wanted.\n- How often: in 1 login, on 2026-05-11.\n",
  fileName: "chattr-documents-and-wire.md",
};
