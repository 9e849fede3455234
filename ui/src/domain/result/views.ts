import type { Component } from "svelte";
import type { RunDetail } from "$ipc/gen/run";

/** A view of a run beside its steps. */
interface FurtherView {
  value: string;
  label: string;
  load: () => Promise<{ default: Component<{ run: RunDetail }> }>;
}

/** The views of a run beside its steps, in the order of their tabs. Each is a file of its own, and scrolls by itself. */
export const furtherViews: readonly FurtherView[] = [
  { value: "diagram", label: "Diagram", load: () => import("./RunDiagram.svelte") },
  { value: "pages", label: "Pages", load: () => import("$domain/evidence/PagesView.svelte") },
  { value: "compare", label: "Compare", load: () => import("./RunComparison.svelte") },
];
