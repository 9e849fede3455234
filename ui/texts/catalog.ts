import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import PO from "pofile";
import { keyOf, type Message } from "./message.ts";

const GERMAN = join(import.meta.dirname, "german.po");

/** A message with the files it stands in, and what it says in German: one text, or one for each plural form. */
export interface Entry extends Message {
  files: readonly string[];
  german: readonly string[];
}

/** The German catalog by the keys of its messages. */
export function readGerman(): Map<string, Entry> {
  const { items } = existsSync(GERMAN) ? PO.parse(readFileSync(GERMAN, "utf8")) : new PO();
  const entries = items.map(({ msgid, msgid_plural, msgstr, references }): Entry => ({ english: msgid, ...(msgid_plural && { plural: msgid_plural }), german: msgstr, files: references }));
  return new Map(entries.map((entry) => [keyOf(entry), entry]));
}

/** Writes the German catalog, in the order of the files that need the messages. */
export function writeGerman(entries: Iterable<Entry>): void {
  const po = new PO();
  po.comments = ["The German of the window. docs/german.md says which words to use; `npm run texts` brings in new messages and takes out those nobody needs."];
  po.headers = { Language: "de", "Plural-Forms": "nplurals=2; plural=(n != 1);", "MIME-Version": "1.0", "Content-Type": "text/plain; charset=UTF-8", "Content-Transfer-Encoding": "8bit" };
  po.items = [...entries].map(({ english, plural, german, files }) => Object.assign(new PO.Item(), { msgid: english, msgid_plural: plural ?? null, msgstr: [...german], references: [...files] }));
  writeFileSync(GERMAN, po.toString());
}
