import { parse } from "svelte/compiler";

/** A node of a syntax tree, Svelte's or ESTree's. Only what is looked at here has a type. */
export interface Node {
  type: string;
  start: number;
  end: number;
  [part: string]: unknown;
}

/** From where to where something stands in a file. */
export type Range = readonly [start: number, end: number];

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && typeof (value as Node).type === "string";

/** A part of a node that is a node; nothing where it has none. */
export function part(node: Node, name: string): Node | undefined {
  const value = node[name];
  return isNode(value) ? value : undefined;
}

/** A part of a node that is a list of nodes. */
export function parts(node: Node, name: string): Node[] {
  const value = node[name];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** Every node that is a part of this one. */
export const allParts = (node: Node): Node[] =>
  Object.entries(node).flatMap(([name, value]) => (name === "metadata" || name === "loc" ? [] : Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : []));

const OPENING = '<script lang="ts" module>';

/** The tree of a file. A plain TypeScript file is read as if it stood in a component: `shift` is how many characters that puts before it. */
export function treeOf(file: string, code: string): { tree: Node; shift: number } {
  if (file.endsWith(".svelte")) return { tree: parse(code, { modern: true }) as unknown as Node, shift: 0 };
  return { tree: parse(`${OPENING}${code}</script>`, { modern: true }) as unknown as Node, shift: OPENING.length };
}
