import { expect, test } from "vitest";
import { readGerman } from "./catalog.ts";
import { compile } from "./compile.ts";
import { Finder } from "./find.ts";
import { keyOf, mistakeIn, type Message } from "./message.ts";
import { Numbering } from "./numbering.ts";
import { messagesOf, readSources } from "./sources.ts";

const found = (file: string, code: string) => new Finder(file, code).found;
const messages = (file: string, code: string) => found(file, code).occurrences.map(({ message }) => keyOf(message));
const compiled = (file: string, code: string) => compile(file, code, found(file, code), new Numbering(new Map()))?.code;

test("everything the window says is in the German catalog, and nothing else is", () => {
  const german = readGerman();
  const said = messagesOf(readSources());
  const missing = [...said.keys()].filter((key) => !german.has(key));
  const obsolete = [...german.keys()].filter((key) => !said.has(key));
  expect({ missing, obsolete }, "run `npm run texts`, then translate what is new").toEqual({ missing: [], obsolete: [] });
});

test("every message is translated, with all that is put in", () => {
  const mistakes = [...readGerman().values()].flatMap((entry) => {
    const mistake = mistakeIn(entry, entry.german);
    return mistake ? [`${keyOf(entry)}: ${mistake}`] : [];
  });
  expect(mistakes).toEqual([]);
});

test("every text of the sources stands where it can follow the language", () => {
  expect([...readSources()].flatMap(([file, { found }]) => found.doubts.map(({ text, why }) => `${file}: “${text}”: ${why}`))).toEqual([]);
});

test("a sentence with elements and values is one message", () => {
  const code = '<p>Kept for <b>{days}</b> days by <code>{host.name}</code>.</p>';
  expect(messages("Kept.svelte", code)).toEqual(["Kept for <0>{days}</0> days by <1/>."]);
  expect(compiled("Kept.svelte", code)).toContain("<p>{__text(0)}<b>{days}</b>{__text(2)}<code>{host.name}</code>.</p>");
});

test("attributes and properties that are read are found, those that are not are left alone", () => {
  expect(messages("Field.svelte", '<Field label="name of {who}" tone="ok" class="Wide Field" {...{ hint: "as it is", kind: "plain" }} />')).toEqual(["name of {who}", "as it is"]);
});

test("a word alone is a text where words are shown or held", () => {
  expect(messages("State.svelte", '{on ? "on" : "off"}{#if state === "Not Yet"}{/if}')).toEqual(["on", "off"]);
  expect(messages("words.ts", 'export const stateWords = { a: "first" }; export const state = { a: "first" };')).toEqual(["first"]);
});

test("what is counted has a form for one and a form for more", () => {
  const code = 'export const shown = (n: number) => counted(n, ["# run", "# runs"]);';
  expect(messages("shown.ts", code)).toEqual(["# run\n# runs"]);
  expect(compiled("shown.ts", code)).toContain("counted(n, __forms(0))");
});

test("a text of a module is asked for each time, because a module is read once", () => {
  expect(compiled("words.ts", 'const words = { "a b": { label: "One thing" } };')).toContain("get label() { return __text(0); }");
  expect(found("words.ts", 'const title = "One thing";').doubts).toHaveLength(1);
});

test("values may hold texts themselves, and keep their order in the source", () => {
  const code = 'const said = () => `Log in as ${who ?? "somebody else"} at ${place}`;';
  expect(messages("said.ts", code)).toEqual(["somebody else", "Log in as {who} at {place}"]);
  expect(compiled("said.ts", code)).toContain("__text(1, [who ?? __text(0), place])");
});

const rich: Message = { english: "<0>{host}</0> is allowed" };

test.each([
  ["", "is not translated"],
  ["{host} ist erlaubt", "has other elements, or has them in another order"],
  ["<0>Er</0> ist {host}", "puts in something else, or puts it on the other side of an element"],
])("%j as a translation %s", (translation, mistake) => expect(mistakeIn(rich, [translation])).toBe(mistake));

test("a translation with the same elements and values is as good as the original", () => {
  expect(mistakeIn(rich, ["<0>{host}</0> ist erlaubt"])).toBeUndefined();
});

test("a translation of a number keeps the number", () => {
  expect(mistakeIn({ english: "# run", plural: "# runs" }, ["ein Lauf", "# Läufe"])).toBe("leaves the number out or adds it");
});
