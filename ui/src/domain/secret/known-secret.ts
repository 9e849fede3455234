import type { KnownSecret } from "$ipc/gen/secretSearch";
import { date } from "$domain/words";

/** Where a version stands, and since when: "in use since 3 Oct 2025", "retired 12 May 2026". */
export function standing({ state, since }: KnownSecret): string {
  const day = date(since);
  switch (state) {
    case "active":
      return `in use since ${day}`;
    case "retiring":
      return `still accepted, replaced ${day}`;
    case "retired":
      return `retired ${day}`;
    case "staged":
      return `stored ${day}, not yet in use`;
    default:
      return `stored ${day}, its value is lost here`;
  }
}

/** "“My Website Login” on Chattz, version 3, retired 12 May 2026". */
export function answer(secret: KnownSecret): string {
  const place = secret.environment === "sandbox" ? `“${secret.clientName}” on ${secret.providerName} (sandbox twin)` : `“${secret.clientName}” on ${secret.providerName}`;
  const facts = [place, `version ${secret.version}`, standing(secret)].join(", ");
  return secret.deleted ? `${facts}; the client was just deleted` : facts;
}
