import type { CancelLab, CancelObservation, RedirectLab } from "$ipc/gen/lab";

/** What was seen of a cancel. */
export const observation = (changes: Partial<CancelObservation> = {}): CancelObservation => ({
  run: "run-1",
  clientName: "Forum login",
  signal: "bareRedirect",
  sentence: "The bare redirect URI: no error, no state.",
  agreement: "confirmed",
  byPerson: false,
  seenAt: "2026-05-12T10:00:00Z",
  ...changes,
});

/** What is known of ContentDB's cancel. */
export const cancelLab = (changes: Partial<CancelLab> = {}): CancelLab => ({
  says: "the redirect URI without any parameter",
  mark: "documented",
  place: "Authorize, second example",
  observations: [],
  handling: {
    signal: "bareRedirect",
    recognise: "The callback comes without any parameter.",
    never: "Do not take it for a login.",
    javascript: "export function judgeCallback(parameters, begun) {}",
    python: "def judge_callback(parameters, begun): ...",
  },
  ...changes,
});

/** A redirect URI and what is sent in its place, where they differ in a slash at the end. */
export function redirectLab(registered: string, sent: string | null): RedirectLab {
  const other = sent !== null && sent !== registered;
  return {
    registered: [registered],
    source: "its sandbox twin",
    sent: sent ?? registered,
    encoded: encodeURIComponent(sent ?? registered),
    pieces: other ? [{ side: "both", text: registered }, { side: "sent", text: "/" }] : [{ side: "both", text: registered }],
    differences: other ? ["One ends in a slash, the other does not. Register the one that the app sends."] : [],
    catches: [
      { browser: "embedded", works: true, sentence: "The login view stops at this address before any request leaves." },
      { browser: "system", works: false, sentence: "Port 7171 on 127.0.0.1 is taken by another program." },
      { browser: "paste", works: true, sentence: "You paste the address." },
    ],
    canTry: true,
  };
}
