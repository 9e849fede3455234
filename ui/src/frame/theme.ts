import type { Theme } from "$ipc/gen/settings";

const KEPT = "gatewright.theme";

/** Paints the window light or dark. "system" leaves the choice to prefers-color-scheme. */
export function applyTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
  localStorage.setItem(KEPT, theme);
}

/** Which of the two themes the window has right now. */
export function paintedTheme(theme: Theme): "light" | "dark" {
  return theme === "system" ? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light") : theme;
}

/** Paints the theme of the last time before the settings are here, so that the window does not flash. */
export function applyKeptTheme(): void {
  const kept = localStorage.getItem(KEPT);
  if (kept === "light" || kept === "dark") applyTheme(kept);
}
