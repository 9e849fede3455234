import type { MetadataWeight } from "$ipc/gen/discovery";

/** What hangs on a member of an issuer's metadata: how it looks, and what it means in one sentence. */
export const weightLooks = {
  secret: { label: "gets secrets", tone: "warn", meaning: "Secrets or tokens are sent to this address." },
  trust: { label: "decides trust", tone: "accent", meaning: "It decides whom Gatewright believes: the issuer, where the person signs in, which keys count." },
  other: { label: "harmless", tone: "neutral", meaning: "Neither a secret nor trust hangs on it." },
} as const satisfies Record<MetadataWeight, unknown>;
