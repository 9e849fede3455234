/** How long the window has to be quiet before it fetches what may be opened next, in milliseconds. */
const QUIET = 600;

/**
 * Fetches parts of the window before anybody asks for them, one after the other and only while nothing else is done. A part that does
 * not come is no matter here: who opens it is told.
 */
export function fetchAhead(parts: readonly (() => Promise<unknown>)[]): void {
  const [next, ...others] = parts;
  if (!next) return;
  const idle = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 0));
  setTimeout(() => {
    idle(() => {
      void next()
        .catch(() => undefined)
        .then(() => fetchAhead(others));
    });
  }, QUIET);
}
