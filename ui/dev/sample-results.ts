import type { Drawing, RunComparison, SavedFilter } from "$ipc/gen/result";
import type { Answers } from "./backend";
import { ago, runRow } from "./sample-runs";

const drawing = (title: string, words: string[]): Drawing => ({
  svg: `<svg xmlns="http://www.w3.org/2000/svg" width="1000" height="300" viewBox="0 0 1000 300" role="img"><title>${title}</title><rect width="1000" height="300" fill="#fffefb"/><text x="40" y="60" font-size="24">${title}</text></svg>`,
  words,
});

/** A login beside the one before it: a scope is gone, and what is new in every login is folded. */
export const comparison: RunComparison = {
  before: runRow({ id: "run-0", startedAt: ago(60) }),
  now: runRow(),
  groups: [
    { title: "Run", differences: [{ name: "Tokens: scope", before: "read write", now: "read", folded: null }] },
    {
      title: "Authorization request",
      differences: [
        { name: "Parameter prompt", before: null, now: "consent", folded: null },
        { name: "Parameter state", before: "‹state#1›", now: "‹state#2›", folded: "It is made anew for every login." },
      ],
    },
    { title: "Times", differences: [{ name: "Token request", before: "38 ms", now: "41 ms", folded: "Times vary by as much without a reason." }] },
  ],
};

let filters: SavedFilter[] = [];

/** The sample answers for what is made of runs. */
export const resultAnswers: Answers = {
  run_diagram: ({ kind }) => drawing(kind === "sequence" ? "Who sent what" : "How long it took", ["Gatewright to ContentDB: POST /oauth/token/ with grant_type, code.", "ContentDB to Gatewright: 200 · 38 ms."]),
  run_diagram_save: ({ path }) => ({ path }),
  run_compare: () => comparison,
  run_tags: () => ({ tags: [{ tag: "before the move", runs: 2 }] }),
  run_tag: ({ tag }) => ({ tags: [{ tag: "before the move", runs: 2 }, { tag, runs: 1 }] }),
  run_untag: () => ({ tags: [] }),
  filter_list: () => ({ filters }),
  filter_save: (saved) => ({ filters: (filters = [...filters.filter(({ name }) => name !== saved.name), saved]) }),
  filter_remove: ({ name }) => ({ filters: (filters = filters.filter((one) => one.name !== name)) }),
  run_trend: () => ({
    drawing: drawing("Logins day by day", ["2026-05-11: 7 passed, 1 with a remark, 0 failed, 412 ms each on average."]),
    days: [
      { date: "2026-05-11", passed: 7, warned: 1, failed: 0, averageMs: 412 },
      { date: "2026-05-12", passed: 3, warned: 0, failed: 2, averageMs: null },
    ],
    passRate: 76.9,
  }),
  run_stock: ({ days }) => ({ runs: 214, going: days === 0 ? 0 : 31, walks: days === 0 ? 0 : 2, before: days === 0 ? null : ago(days * 1440) }),
};
