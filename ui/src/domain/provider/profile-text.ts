// A profile is TOML and judged by the backend. The few things the editor itself must know of the text stand before its first table.

/** The part of a profile before its first table, where its id and name are. */
function head(text: string): string {
  const table = /^\s*\[/m.exec(text);
  return table ? text.slice(0, table.index) : text;
}

const line = (key: string) => new RegExp(`^(\\s*${key}\\s*=\\s*)(["'])(.*?)\\2`, "m");

/** A text value from the head of a profile, such as its id. */
export function valueOf(text: string, key: "id" | "name"): string | undefined {
  return line(key).exec(head(text))?.[3];
}

function withValue(text: string, key: "id" | "name", value: string): string {
  const top = head(text);
  return top.replace(line(key), (_whole, before: string) => `${before}${JSON.stringify(value)}`) + text.slice(top.length);
}

/** The text of a profile under an id and a name that nobody has yet, as the start of another. */
export function renamed(text: string, taken: readonly string[]): string {
  const id = valueOf(text, "id");
  const name = valueOf(text, "name");
  if (id === undefined) return text;
  const base = `my-${id.replace(/^my-/, "").replace(/-\d+$/, "")}`;
  let free = base;
  for (let number = 2; taken.includes(free); number += 1) free = `${base}-${number}`;
  const named = name === undefined ? text : withValue(text, "name", `My ${name.replace(/^My /, "")}`);
  return withValue(named, "id", free);
}
