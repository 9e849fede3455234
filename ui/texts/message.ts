/** What a text says in English, by which its translation is found. */
export interface Message {
  /** The text, or what it says of exactly one thing. `{name}` stands for what is put in, `<0>…</0>` and `<0/>` for an element. */
  english: string;
  /** What it says of any other number of things, where the number decides. `#` is the number. */
  plural?: string;
}

/** By which a message is told from every other. */
export const keyOf = ({ english, plural }: Message): string => (plural === undefined ? english : `${english}\n${plural}`);

const TAG = /<\/?\d+\/?>/g;

/** The pieces of a message between its elements: one more than there are tags. */
export const segmentsOf = (text: string): string[] => text.split(TAG);

/** The tags of a message in their order. */
export const tagsOf = (text: string): string[] => text.match(TAG) ?? [];

/** The names of what is put into a text, in their order. */
export const namesIn = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "");

/** A text with the places of what is put in, in the order of `names`, instead of their names. */
export const withPlaces = (text: string, names: readonly string[]): string =>
  text.replaceAll(/\{(\w+)\}/g, (all, name: string) => (names.includes(name) ? `{${names.indexOf(name)}}` : all));

/**
 * Why a translation cannot stand for a message; nothing where it can. Its elements have to come in the same order, because they stay where
 * they are and only the texts between them are exchanged.
 */
export function mistakeIn(message: Message, translations: readonly string[]): string | undefined {
  const originals = message.plural === undefined ? [message.english] : [message.english, message.plural];
  if (translations.length !== originals.length || translations.some((text) => text === "")) return "is not translated";
  for (const [at, original] of originals.entries()) {
    const translation = translations[at] ?? "";
    if (tagsOf(translation).join() !== tagsOf(original).join()) return "has other elements, or has them in another order";
    const [ours, theirs] = [segmentsOf(original), segmentsOf(translation)].map((segments) => segments.map((one) => namesIn(one).toSorted().join()));
    if (ours?.join(";") !== theirs?.join(";")) return "puts in something else, or puts it on the other side of an element";
    if (message.plural !== undefined && original.includes("#") !== translation.includes("#")) return "leaves the number out or adds it";
  }
  return undefined;
}
