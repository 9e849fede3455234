import { readGerman, writeGerman } from "./catalog.ts";
import { messagesOf, readSources } from "./sources.ts";

/** Brings the German catalog up to the sources: takes out what nobody says any more, and adds what waits for a translation. Says how many wait. */
export function update(): number {
  const known = readGerman();
  const entries = [...messagesOf(readSources())].map(([key, message]) => ({ ...message, german: known.get(key)?.german ?? (message.plural === undefined ? [""] : ["", ""]) }));
  writeGerman(entries);
  return entries.filter(({ german }) => german.some((text) => text === "")).length;
}
