import BookOpenText from "@lucide/svelte/icons/book-open-text";
import CircleQuestionMark from "@lucide/svelte/icons/circle-question-mark";
import Eye from "@lucide/svelte/icons/eye";
import type { Mark, StatementGroup } from "$ipc/gen/provider";

/** The three ways we know a statement, the surest first. */
export const marks = ["documented", "observed", "unknown"] as const satisfies readonly Mark[];

/** How the window names each mark. */
export const markWords: Record<Mark, string> = { documented: "documented", observed: "observed", unknown: "unknown" };

/** How each mark looks, and what it means in one sentence. */
export const markLooks = {
  documented: { icon: BookOpenText, tone: "accent", meaning: "The provider's own document says so." },
  observed: { icon: Eye, tone: "ok", meaning: "The document does not say it; it was seen on a server or in its published source." },
  unknown: { icon: CircleQuestionMark, tone: "warn", meaning: "Nobody has said or seen it; this is what we expect until a login shows more." },
} as const satisfies Record<Mark, unknown>;

/** What the statements are narrowed to. */
export type MarkFilter = Mark | "all";

/** The groups with the statements of one mark; groups that have none are left out. */
export function withMark(groups: readonly StatementGroup[], filter: MarkFilter): StatementGroup[] {
  if (filter === "all") return [...groups];
  return groups
    .map(({ title, statements }) => ({ title, statements: statements.filter(({ mark }) => mark === filter) }))
    .filter(({ statements }) => statements.length > 0);
}
