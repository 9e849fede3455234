const KEPT = "gatewright.recent";
/** How many choices are remembered. */
const MOST = 6;

/** What was chosen in the palette, newest first, by the ids of its entries. Names are not kept: they may change, and go with their record. */
export function recentChoices(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(kept) ? kept.filter((id) => typeof id === "string").slice(0, MOST) : [];
  } catch {
    return [];
  }
}

/** Remembers a choice. */
export function rememberChoice(id: string): void {
  const others = recentChoices().filter((one) => one !== id);
  localStorage.setItem(KEPT, JSON.stringify([id, ...others].slice(0, MOST)));
}
