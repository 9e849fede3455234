import MagicString from "magic-string";
import type { Found, Segment } from "./find.ts";
import type { Numbering } from "./numbering.ts";

/** What compiled files call the two functions; no name of the sources looks like this. */
const TEXT = "__text";
const FORMS = "__forms";
const IMPORT = `import { text as ${TEXT}, forms as ${FORMS} } from "$texts/texts";`;

/** Puts a call that asks for a text in the place of one; what is put in stays where it is, and may hold texts itself. */
function exchange(code: MagicString, { pieces }: Segment, call: string, braced: boolean) {
  const last = pieces.length - 1;
  for (const [at, [start, end]] of pieces.entries()) {
    const before = at === 0 ? `${braced ? "{" : ""}${call}${last > 0 ? ", [" : ""}` : ", ";
    const words = at < last ? before : `${at === 0 ? before : "]"})${braced ? "}" : ""}`;
    if (start === end) code.appendLeft(start, words);
    else code.update(start, end, words);
  }
}

/** The file with calls in the place of its texts; nothing where it has none. */
export function compile(file: string, source: string, { occurrences, lazy }: Found, numbering: Numbering) {
  const code = new MagicString(source);
  for (const { message, segments, braced } of occurrences) {
    const number = numbering.of(message);
    const called = message.plural === undefined ? TEXT : FORMS;
    for (const [at, segment] of segments.entries()) {
      if (numbering.isWorded(number + at)) exchange(code, segment, `${called}(${number + at}`, braced);
    }
  }
  for (const { key, value, computed } of lazy) {
    code.appendRight(key[0] - (computed ? 1 : 0), "get ");
    code.update(key[1] + (computed ? 1 : 0), value[0], "() { return ");
    code.appendLeft(value[1], "; }");
  }
  if (occurrences.length === 0) return undefined;
  const script = /^<script[^>]*>/m.exec(source);
  if (!file.endsWith(".svelte")) code.prepend(`${IMPORT}\n`);
  else if (script) code.appendLeft(script.index + script[0].length, IMPORT);
  else code.prepend(`<script>${IMPORT}</script>\n`);
  return { code: code.toString(), map: code.generateMap({ hires: true }) };
}
