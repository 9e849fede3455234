import type { EvidencePage, PageLook } from "$ipc/gen/evidence";
import { duration, moment } from "$domain/words";

/** A look at a page with the page it belongs to. */
export interface Sight {
  page: EvidencePage;
  look: PageLook;
  /** "Page 2, as it was left". */
  name: string;
}

/** Host and path, without what every address begins with. */
export const place = (address: string): string => address.replace(/^https?:\/\//, "");

const when = { loaded: "when it had loaded", decided: "as it was left", timeRanOut: "when the time ran out" } as const;

/** Every look at every page, in the order in which they were taken. */
export const sightsOf = (pages: readonly EvidencePage[]): Sight[] =>
  pages.flatMap((page) => page.looks.map((look) => ({ page, look, name: `Page ${page.number}, ${when[look.moment]}` })));

/** What became of a page, in a few words. */
export function leaving({ at, decidedAfterMs, looks }: EvidencePage): string {
  if (looks.some((look) => look.moment === "timeRanOut")) return `${moment(at)} · open until the time ran out`;
  const deed = decidedAfterMs === null ? "went on by itself" : `acted on after ${duration(decidedAfterMs)}`;
  return `${moment(at)} · ${deed}`;
}
