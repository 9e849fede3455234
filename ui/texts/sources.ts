import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Finder, type Found } from "./find.ts";
import { keyOf, type Message } from "./message.ts";

const root = join(import.meta.dirname, "..");

/** The path of a source file from `ui/`; nothing for a file whose texts no person reads: a test, a wire type, a library. */
export function sourceOf(path: string): string | undefined {
  const source = relative(root, path).replaceAll("\\", "/");
  const isSource = source.startsWith("src/") && /\.(svelte|ts)$/.test(source) && !/\.(test|d)\.ts$/.test(source);
  return isSource && !source.startsWith("src/ipc/gen/") && !source.startsWith("src/texts/") ? source : undefined;
}

/** What is found in every source file, in the order of their names. */
export function readSources(): Map<string, { code: string; found: Found }> {
  const files = readdirSync(join(root, "src"), { recursive: true }).map((file) => sourceOf(join(root, "src", String(file))));
  const sources = files.filter((file) => file !== undefined).toSorted();
  return new Map(
    sources.map((file) => {
      const code = readFileSync(join(root, file), "utf8");
      return [file, { code, found: new Finder(file, code).found }];
    }),
  );
}

/** Every message once, with the files it stands in. */
export function messagesOf(sources: ReturnType<typeof readSources>): Map<string, Message & { files: string[] }> {
  const messages = new Map<string, Message & { files: string[] }>();
  for (const [file, { found }] of sources) {
    for (const { message } of found.occurrences) {
      const known = messages.get(keyOf(message));
      if (!known) messages.set(keyOf(message), { ...message, files: [file] });
      else if (known.files.at(-1) !== file) known.files.push(file);
    }
  }
  return messages;
}
