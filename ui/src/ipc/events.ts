import { listen } from "@tauri-apps/api/event";
import type { Event } from "./gen/events";

/** The one Tauri event that carries every Event of the contract (`contract::events::EVENT_NAME`). */
export const EVENT_NAME = "gatewright";

/**
 * Calls `handle` with everything the backend says without being asked, until the returned function is called, and `begun` once it listens:
 * what was said before that nobody has heard.
 */
export function listenToEvents(handle: (event: Event) => void, begun?: () => void): () => void {
  let stopped = false;
  let stop: (() => void) | undefined;
  void listen<Event>(EVENT_NAME, ({ payload }) => handle(payload)).then((unlisten) => {
    if (stopped) return unlisten();
    stop = unlisten;
    begun?.();
  });
  return () => {
    stopped = true;
    stop?.();
  };
}
