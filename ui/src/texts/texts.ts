import { initial, load } from "virtual:catalogs";
import type { Language } from "$ipc/gen/settings";

/** What stands at each number: a text, or the forms of one that counts. */
export type Catalog = readonly (string | readonly string[])[];

let catalog: Catalog = initial;

/** Takes the texts of another language from now on. Only `language.svelte.ts` calls it. */
export async function take(language: Language): Promise<void> {
  catalog = await load(language);
}

/** The text at a number, with what is put in. The compiler of the texts writes the calls: sources say their texts in plain English. */
export function text(number: number, put: readonly unknown[] = []): string {
  return (catalog[number] as string).replaceAll(/\{(\d)\}/g, (_, at: string) => String(put[Number(at)] ?? ""));
}

/** The forms at a number, for `counted`. */
export const forms = (number: number): readonly string[] => catalog[number] as readonly string[];
