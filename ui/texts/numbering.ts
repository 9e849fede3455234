import type { Entry } from "./catalog.ts";
import { keyOf, namesIn, segmentsOf, withPlaces, type Message } from "./message.ts";

/** What stands in a compiled catalog at one number: a text, or the forms of one. */
export type Compiled = string | readonly string[];

/** Gives every text a number, by which the window asks the catalog of its language for it. */
export class Numbering {
  readonly english: Compiled[] = [];
  readonly german: Compiled[] = [];
  readonly #numbers = new Map<string, number>();

  constructor(readonly translations: ReadonlyMap<string, Entry>) {}

  /** The number of the first piece of a message; those of the others follow. */
  of(message: Message): number {
    const key = keyOf(message);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.english.length;
    this.#numbers.set(key, number);
    const german = this.translations.get(key)?.german ?? [];
    if (message.plural !== undefined) {
      const forms = [message.english, message.plural];
      this.english.push(forms);
      this.german.push(forms.map((form, at) => german[at] || form));
    } else {
      const theirs = segmentsOf(german[0] || message.english);
      for (const [at, segment] of segmentsOf(message.english).entries()) {
        const names = namesIn(segment);
        this.english.push(withPlaces(segment, names));
        this.german.push(withPlaces(theirs[at] ?? segment, names));
      }
    }
    return number;
  }

  /** Whether there is anything to read at a number, in one of the languages. */
  isWorded(number: number): boolean {
    return [this.english[number], this.german[number]].some((text) => typeof text !== "string" || /\p{L}/u.test(text.replaceAll(/\{\d+\}/g, "")) || this.english[number] !== this.german[number]);
  }
}
