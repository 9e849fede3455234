import type { EvidencePage, PageLook, PageMoment } from "$ipc/gen/evidence";
import type { Answers } from "./backend";

const look = (id: string, moment: PageMoment, at: string, missing: string | null = null): PageLook => ({
  id,
  moment,
  at,
  size: missing === null ? { width: 520, height: 700, kilobytes: 21.4 } : null,
  missing,
});

/** The pages of a login at Chattz: a login page, a redirect that nobody saw, a consent page. */
export const pages: EvidencePage[] = [
  {
    number: 1,
    address: "http://127.0.0.1:40123/chattz/oauth2/login",
    at: "2026-05-12T10:00:01Z",
    decidedAfterMs: 6200,
    looks: [look("1", "loaded", "2026-05-12T10:00:01Z"), look("2", "decided", "2026-05-12T10:00:07Z")],
  },
  {
    number: 2,
    address: "http://127.0.0.1:40123/chattz/oauth2/continue",
    at: "2026-05-12T10:00:08Z",
    decidedAfterMs: null,
    looks: [look("3", "loaded", "2026-05-12T10:00:08Z", "The page went on before it had finished loading.")],
  },
  {
    number: 3,
    address: "http://127.0.0.1:40123/chattz/oauth2/consent",
    at: "2026-05-12T10:00:09Z",
    decidedAfterMs: 1900,
    looks: [look("4", "loaded", "2026-05-12T10:00:09Z"), look("5", "decided", "2026-05-12T10:00:11Z")],
  },
];

const drawing = (words: string) =>
  `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" width="520" height="700"><rect width="520" height="700" fill="#eef"/><text x="40" y="90" font-size="40">${words}</text><rect x="40" y="140" width="440" height="50" fill="#fff" stroke="#667"/><rect x="40" y="220" width="160" height="56" rx="8" fill="#346"/></svg>`)}`;

/** The sample answers for what pages looked like. */
export const evidenceAnswers: Answers = {
  evidence_list: () => ({ pages, note: null }),
  evidence_picture: ({ picture }) => ({ source: drawing(Number(picture) < 3 ? "Log in to Chattz" : "Allow Lock dashboard?") }),
  evidence_delete: () => ({ what: "1 picture", undoUntil: new Date(Date.now() + 10_000).toISOString(), undoMs: 10_000 }),
  evidence_restore: () => ({}),
  evidence_stock: ({ days }) => ({ pictures: 14, megabytes: 0.4, going: days < 10 ? 3 : 0, nextAt: "2026-06-11T10:00:00Z" }),
};
