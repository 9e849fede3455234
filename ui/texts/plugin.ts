import type { Plugin } from "vite";
import { readGerman } from "./catalog.ts";
import { compile } from "./compile.ts";
import { Finder } from "./find.ts";
import { Numbering } from "./numbering.ts";
import { messagesOf, readSources, sourceOf } from "./sources.ts";

/** Where `src/texts/texts.ts` has its catalogs from. */
const CATALOGS = "virtual:catalogs";
const RESOLVED = `\0${CATALOGS}`;

/** What is fetched beside the script. The path is put together so that Vite does not take it for one of its own files. */
const FETCHED = `
const files = new URL("../texts/", import.meta.url);
export const initial = [];
export const load = async (language) => {
  const answer = await fetch(new URL(language + ".json", files));
  if (!answer.ok) throw new Error("The texts of " + language + " are not there: " + answer.status);
  return answer.json();
};`;

/**
 * Compiles the texts of the window: a source says them in plain English where they stand, and what is built asks a catalog for them by number.
 * A build fetches the catalog of one language; what serves and tests holds both.
 */
export function texts(): Plugin {
  let numbering: Numbering;
  let sources: ReturnType<typeof readSources>;
  let builds = false;

  function read() {
    sources = readSources();
    numbering = new Numbering(readGerman());
    for (const message of messagesOf(sources).values()) numbering.of(message);
  }

  return {
    name: "texts",
    enforce: "pre",
    configResolved: ({ command }) => {
      builds = command === "build";
    },
    buildStart() {
      read();
      if (!builds) return;
      for (const language of ["english", "german"] as const) {
        this.emitFile({ type: "asset", fileName: `texts/${language}.json`, source: JSON.stringify(numbering[language]) });
      }
    },
    resolveId: (id) => (id === CATALOGS ? RESOLVED : undefined),
    load(id) {
      if (id !== RESOLVED) return undefined;
      if (builds) return FETCHED;
      const { english, german } = numbering;
      return `const catalogs = ${JSON.stringify({ english, german })};\nexport const initial = catalogs.english;\nexport const load = async (language) => catalogs[language];`;
    },
    transform(code, id) {
      const file = sourceOf(id);
      if (!file) return undefined;
      const known = sources.get(file);
      const found = known?.code === code ? known.found : new Finder(file, code).found;
      const [doubt] = found.doubts;
      if (doubt) this.error(`“${doubt.text}” cannot be translated: ${doubt.why}.`, doubt.at);
      return compile(file, code, found, numbering);
    },
    // The English of the page is asked for beside its script. Another language is asked for by the script, beside its first commands.
    transformIndexHtml: { order: "post", handler: () => (builds ? [{ tag: "link", attrs: { rel: "preload", as: "fetch", href: "/texts/english.json", crossorigin: true }, injectTo: "head-prepend" }] : []) },
    handleHotUpdate({ file, server }) {
      if (!sourceOf(file) && !file.endsWith(".po")) return undefined;
      read();
      server.moduleGraph.invalidateAll();
      server.ws.send({ type: "full-reload" });
      return [];
    },
  };
}
