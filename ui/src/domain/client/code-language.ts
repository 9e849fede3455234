import type { SnippetLanguage } from "$ipc/gen/snippet";

const KEPT = "gatewright.codeLanguage";

/** The languages of the programs, in the order of the choice. */
export const languages: readonly { value: SnippetLanguage; label: string }[] = [
  { value: "curl", label: "cURL" },
  { value: "node", label: "Node.js" },
  { value: "python", label: "Python" },
  { value: "go", label: "Go" },
  { value: "php", label: "PHP" },
  { value: "rust", label: "Rust" },
];

/** The language that was looked at last; whoever never chose one gets what every shell understands. */
export function keptLanguage(): SnippetLanguage {
  const kept = localStorage.getItem(KEPT);
  return languages.find(({ value }) => value === kept)?.value ?? "curl";
}

/** Remembers the language for the next client and the next start. */
export function keepLanguage(language: SnippetLanguage): void {
  localStorage.setItem(KEPT, language);
}
