import type { ClientQuery } from "$ipc/gen/client";

/** What a search asks for, without the page. */
export type ClientSearch = Omit<ClientQuery, "offset" | "limit">;

interface ProviderName {
  id: string;
  name: string;
}

/** "pro" is the start of "production". */
const startOf = <Word extends string>(text: string, ...words: Word[]): Word | null =>
  words.find((word) => text.length > 0 && word.startsWith(text)) ?? null;

/**
 * Reads what was typed into the search field: plain words are searched for, and `provider:`, `env:`, `is:` and `tag:` narrow the
 * list. `env:` takes "prod", "sandbox", or a tag of the user's own such as "staging".
 */
export function readSearch(typed: string, providers: readonly ProviderName[]): ClientSearch {
  const search: ClientSearch = { search: "", provider: null, environment: null, ownership: null, tag: null };
  const words: string[] = [];
  for (const word of typed.split(/\s+/).filter(Boolean)) {
    const [, name, raw] = /^(provider|env|is|tag):(.*)$/i.exec(word) ?? [];
    const value = raw?.toLowerCase() ?? "";
    if (name === undefined || value === "") {
      if (name === undefined) words.push(word);
      continue;
    }
    if (name.toLowerCase() === "provider") {
      const known = providers.find(({ id }) => id === value) ?? providers.find((one) => one.id.startsWith(value) || one.name.toLowerCase().startsWith(value));
      search.provider = known?.id ?? value;
    } else if (name.toLowerCase() === "is") {
      search.ownership = startOf(value, "owned", "shared");
    } else if (name.toLowerCase() === "tag") {
      search.tag = raw!;
    } else {
      search.environment = startOf(value, "production", "sandbox");
      if (search.environment === null) search.tag = raw!;
    }
  }
  return { ...search, search: words.join(" ") };
}

/** The text of the field with one narrowing word set, or taken out again where it stood already. */
export function withToken(typed: string, name: string, value: string): string {
  const token = `${name}:${value}`;
  const others = typed.split(/\s+/).filter((word) => word !== "" && !word.toLowerCase().startsWith(`${name}:`));
  const had = typed.split(/\s+/).includes(token);
  return (had ? others : [...others, token]).join(" ");
}
