import { part, parts, type Node, type Range } from "./nodes.ts";
import { isText, rules } from "./rules.ts";
import type { Segment } from "./find.ts";

/** Texts, expressions and inline elements that make one message. */
export interface Run {
  english: string;
  /** The message with the spaces around it, which a string keeps. */
  whole: string;
  /** What is put in, in the whole of it. */
  names: string[];
  segments: Segment[];
  /** What is put in: it may hold texts of its own. */
  expressions: Node[];
  /** Attributes of the elements. */
  attributes: Node[];
  /** Elements whose inside is no part of the sentence. */
  apart: Node[];
}

/** What an expression is called in a message, so that a translator knows what will stand there. */
function nameOf(expression: Node | undefined): string {
  if (!expression) return "value";
  if (expression.type === "Identifier") return String(expression["name"]);
  if (expression.type === "MemberExpression") return expression["computed"] ? nameOf(part(expression, "object")) : nameOf(part(expression, "property"));
  if (expression.type === "CallExpression") {
    const callee = part(expression, "callee");
    const called = nameOf(callee);
    const [first, forms] = parts(expression, "arguments");
    if (called === "counted" && forms) return String(parts(forms, "elements").at(-1)?.["value"] ?? called).replaceAll(/\W+/g, "_").replace(/^_/, "");
    const object = callee && part(callee, "object");
    if (!object) return called;
    return object["name"] === "Math" ? nameOf(first) : nameOf(object);
  }
  const inner = part(expression, "expression") ?? part(expression, "left") ?? part(expression, "consequent");
  return inner ? nameOf(inner) : "value";
}

/** Reads nodes one after the other into a message. */
class Reader {
  text = "";
  tags = 0;
  readonly names: string[] = [];
  readonly segments: Segment[] = [{ pieces: [], names: [] }];
  readonly expressions: Node[] = [];
  readonly attributes: Node[] = [];
  readonly apart: Node[] = [];
  /** From where the piece goes that is being read. */
  #from: number | undefined;

  read(nodes: readonly Node[]) {
    for (const node of nodes) this.#node(node);
  }

  /** Ends a segment where a tag or the whole run ends. */
  endSegment(at: number) {
    this.#segment.pieces.push([this.#from ?? at, at]);
    this.#from = undefined;
  }

  get #segment(): Segment {
    return this.segments.at(-1)!;
  }

  #node(node: Node) {
    if (node.type === "Text") {
      this.#from ??= node.start;
      this.text += String(node["data"]).replaceAll(/\s+/g, " ");
    } else if (node.type === "TemplateElement") {
      this.text += (node["value"] as { cooked: string }).cooked;
    } else if (node.type === "ExpressionTag") this.#put(node);
    else if (node.type !== "Comment") this.#element(node);
  }

  #put(node: Node) {
    const expression = part(node, "expression")!;
    const base = nameOf(expression);
    let name = base;
    for (let more = 2; this.names.includes(name); more++) name = `${base}${more}`;
    this.names.push(name);
    this.#segment.names.push(name);
    this.expressions.push(expression);
    this.text += `{${name}}`;
    this.#segment.pieces.push([this.#from ?? node.start, expression.start]);
    this.#from = expression.end;
  }

  #element(node: Node) {
    const number = this.tags++;
    const inside = part(node, "fragment");
    const nodes = inside ? parts(inside, "nodes") : [];
    const readable = !rules.isSkipped(node) && nodes.every((one) => rules.isInline(one)) && nodes.some(({ type }) => type === "Text" || type === "ExpressionTag");
    if (!readable) {
      this.apart.push(node);
      this.text += `<${number}/>`;
      this.#cut(node.start, node.end);
      return;
    }
    this.attributes.push(...parts(node, "attributes"));
    this.text += `<${number}>`;
    this.#cut(node.start, nodes[0]!.start);
    this.read(nodes);
    this.text += `</${number}>`;
    this.#cut(nodes.at(-1)!.end, node.end);
  }

  #cut(end: number, start: number) {
    this.endSegment(end);
    this.segments.push({ pieces: [], names: [] });
    this.#from = start;
  }
}

/** Without the spaces and the empty elements around it, which stay where they are. */
function trimmed(nodes: readonly Node[]): Node[] {
  const empty = (node: Node) => node.type === "Comment" || (node.type === "Text" && String(node["data"]).trim() === "") || (node.type !== "Text" && node.type !== "ExpressionTag" && node.type !== "TemplateElement" && !parts(part(node, "fragment") ?? node, "nodes").some(({ type }) => type === "Text" || type === "ExpressionTag"));
  const first = nodes.findIndex((node) => !empty(node));
  const last = nodes.findLastIndex((node) => !empty(node));
  return nodes.slice(first, last + 1);
}

/** The message that these nodes make; nothing where no text with a letter is directly among them. */
export function readRun(nodes: readonly Node[]): Run | undefined {
  const isWorded = (node: Node) => (node.type === "Text" && isText(String(node["data"]))) || (node.type === "TemplateElement" && isText((node["value"] as { cooked: string }).cooked));
  if (!nodes.some(isWorded)) return undefined;
  const kept = nodes[0]?.type === "TemplateElement" ? [...nodes] : trimmed(nodes);
  const reader = new Reader();
  reader.read(kept);
  reader.endSegment(kept.at(-1)!.end);
  const { names, segments, expressions, attributes } = reader;
  leaveSpaces(kept, segments);
  const outside = nodes.filter((node) => !kept.includes(node) && node.type !== "Text" && node.type !== "Comment");
  return { english: reader.text.trim(), whole: reader.text, names, segments, expressions, attributes, apart: [...reader.apart, ...outside] };
}

/** The spaces at both ends of a run stay in the source. */
function leaveSpaces(nodes: readonly Node[], segments: Segment[]) {
  const spaces = (node: Node | undefined, from: "start" | "end") => {
    if (node?.type !== "Text") return 0;
    const raw = String(node["raw"] ?? node["data"]);
    return raw.length - (from === "start" ? raw.trimStart() : raw.trimEnd()).length;
  };
  const [first, last] = [segments[0]!.pieces, segments.at(-1)!.pieces];
  const [start, end]: Range = first[0]!;
  first[0] = [start + spaces(nodes[0], "start"), end];
  const [begin, stop]: Range = last.at(-1)!;
  last[last.length - 1] = [begin, stop - spaces(nodes.at(-1), "end")];
}
