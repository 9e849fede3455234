import type { Mark } from "$ipc/gen/provider";
import type { RotationBoardRow, RotationDriver, RotationState, RotationStepDetail, RotationStrategy } from "$ipc/gen/rotation";
import type { RotationUrgency, SecretStanding } from "$ipc/gen/secretVersion";
import { counted } from "$domain/words";
import type { Tone } from "$kit/tone";

/** How the window names the strategies. */
export const strategyWords: Record<RotationStrategy, string> = {
  overlap: "Overlap",
  staged: "Staged",
  cutOver: "Instant cut-over",
  replaceClient: "Replace the client",
  askSupport: "Ask support",
};

/** How it is known that the provider can do a strategy. */
export const canWords: Record<Mark, string> = {
  documented: "The provider's own document says that it can do this.",
  observed: "It was seen that the provider can do this; its document does not say it.",
  unknown: "Whether the provider can do this is not known.",
};

/** How the window names who works at the provider. */
export const driverWords: Record<RotationDriver, { label: string; hint: string }> = {
  sandbox: { label: "Gatewright, at the sandbox", hint: "Through the sandbox's own interface." },
  registration: { label: "Gatewright, by client management", hint: "Through the provider's registration interface (RFC 7592)." },
  keycloak: { label: "Gatewright, by Keycloak's admin interface", hint: "With the admin access you gave it." },
  byHand: { label: "You, by hand", hint: "On the provider's page; Gatewright tells you what to do there." },
};

export const urgencyTone: Record<RotationUrgency, Tone> = { fine: "ok", soon: "warn", due: "bad", never: "neutral" };

export const stateTone: Record<RotationState, Tone> = { underWay: "wait", completed: "ok", rolledBack: "warn", abandoned: "neutral" };

/** How the window names what became of a version of a secret. */
export const stateWords: Record<string, string> = { staged: "staged", active: "active", retiring: "retiring", retired: "retired", lost: "lost" };

/** What the provider says to a secret, and the colour of it for one that is meant to work. */
export const standingWords: Record<SecretStanding, { words: string; tone: Tone }> = {
  accepted: { words: "accepted", tone: "ok" },
  refused: { words: "refused", tone: "bad" },
  cannotTell: { words: "cannot tell", tone: "warn" },
};

/** What stands at the right of a step. */
export function stepChip({ state, waitsFor }: RotationStepDetail): { words: string; tone: Tone } {
  switch (state) {
    case "done":
      return { words: "done", tone: "ok" };
    case "passedOver":
      return { words: "passed over", tone: "warn" };
    case "attention":
      return { words: "needs a look", tone: "bad" };
    case "later":
      return { words: "later", tone: "neutral" };
    case "notReached":
      return { words: "not reached", tone: "neutral" };
    case "next":
      return waitsFor === "gatewright" ? { words: "Gatewright is at it", tone: "wait" } : { words: "waiting for you", tone: "wait" };
  }
}

const DAY = 24 * 60 * 60_000;

/** When a secret should be replaced, as short as a table wants it: "3 days late", "in 12 days", "no reminder". */
export function dueWords({ dueAt }: Pick<RotationBoardRow, "dueAt">, now: number = Date.now()): string {
  if (dueAt === null) return "no reminder";
  const away = Date.parse(dueAt) - now;
  const days = Math.round(Math.abs(away) / DAY);
  if (days === 0) return away < 0 ? "since today" : "today";
  return away < 0 ? `${counted(days, ["# day", "# days"])} late` : `in ${counted(days, ["# day", "# days"])}`;
}
