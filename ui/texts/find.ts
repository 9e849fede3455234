import { type Message } from "./message.ts";
import { allParts, part, parts, treeOf, type Node, type Range } from "./nodes.ts";
import { isText, isWorded, looksLikeText, rules } from "./rules.ts";
import { readRun, type Run } from "./run.ts";

/** A text between two elements, or a whole one: what is replaced, with what is put in left where it is. */
export interface Segment {
  /** What is replaced: before the first thing that is put in, between each two, and after the last. */
  pieces: Range[];
  /** What the things that are put in are called in the message. */
  names: string[];
}

/** A text at a place of a file. */
export interface Occurrence {
  message: Message;
  segments: Segment[];
  /** Markup and attributes take an expression in braces. */
  braced: boolean;
}

/** What was found in a file. */
export interface Found {
  occurrences: Occurrence[];
  /** Properties that are asked for their value each time, because a module is read once and the language changes. */
  lazy: { key: Range; value: Range; computed: boolean }[];
  /** What looks like a text but stands where none is expected. */
  doubts: { at: number; text: string; why: string }[];
}

/** Where an expression stands. */
interface Place {
  /** Its strings are shown whatever they look like, are never shown, or are shown if they look like a text. */
  shows: "text" | "code" | "maybe";
  /** Whether it is evaluated when its module is read, and never again. */
  once: boolean;
  /** The innermost property that it is the value of, as long as it is evaluated once. */
  property?: Node | undefined;
}

const FUNCTIONS = new Set(["ArrowFunctionExpression", "FunctionExpression", "FunctionDeclaration", "PropertyDefinition", "MethodDefinition"]);
const COMPARISONS = new Set(["===", "!==", "==", "!=", "in", "instanceof", "<", ">"]);

/** Finds what a person reads in a file. */
export class Finder {
  readonly found: Found = { occurrences: [], lazy: [], doubts: [] };
  readonly #code: string;

  constructor(
    readonly file: string,
    code: string,
  ) {
    const { tree, shift } = treeOf(file, code);
    this.#code = shift === 0 ? code : " ".repeat(shift) + code;
    const [module, instance] = [part(tree, "module"), part(tree, "instance")];
    if (module) this.#script(module, { shows: "maybe", once: true });
    if (instance) this.#script(instance, { shows: "maybe", once: false });
    const fragment = part(tree, "fragment");
    if (fragment) this.#fragment(fragment);
    this.#moveBack(shift);
  }

  #script(script: Node, place: Place) {
    const program = part(script, "content");
    if (program) this.#expression(program, place);
  }

  #fragment(fragment: Node) {
    let run: Node[] = [];
    const endRun = () => {
      this.#run(run);
      run = [];
    };
    for (const node of parts(fragment, "nodes")) {
      if (rules.isInline(node)) run.push(node);
      else {
        endRun();
        this.#markup(node);
      }
    }
    endRun();
  }

  /** Texts, expressions and inline elements side by side: one sentence if any text is among them. */
  #run(nodes: Node[]) {
    const run = readRun(nodes);
    if (!run) {
      for (const node of nodes) this.#markup(node);
      return;
    }
    this.#take(run);
    for (const node of run.apart) this.#markup(node);
    for (const expression of run.expressions) this.#expression(expression, { shows: "text", once: false });
    for (const attribute of run.attributes) this.#markup(attribute);
  }

  #take({ english, segments }: Run) {
    this.found.occurrences.push({ message: { english }, segments, braced: true });
  }

  #markup(node: Node) {
    if (node.type === "Text" || node.type === "Comment" || rules.isSkipped(node)) return this.#skipped(node);
    if (node.type === "ExpressionTag") return this.#expression(part(node, "expression"), { shows: "text", once: false });
    if (node.type === "Attribute") return this.#attribute(node);
    if (/^(Style|Class|Bind|On)Directive$/.test(node.type)) return this.#each(allParts(node), { shows: node.type === "StyleDirective" ? "code" : "maybe", once: false });
    if (node.type === "Fragment") return this.#fragment(node);
    for (const inner of allParts(node)) {
      if (/Fragment|Attribute|Element|Component|Block|Tag|Directive|Body|Window|Head|Text|Spread/.test(inner.type)) this.#markup(inner);
      else this.#expression(inner, { shows: "maybe", once: false });
    }
  }

  /** What is inside is shown as it is; its attributes may be read to a person. */
  #skipped(node: Node) {
    for (const attribute of parts(node, "attributes")) this.#markup(attribute);
  }

  #attribute(node: Node) {
    const name = String(node["name"]);
    const { value } = node;
    const place: Place = { shows: rules.placeOf(name), once: false };
    if (!Array.isArray(value)) return value === true ? undefined : this.#expression(part(value as Node, "expression"), place);
    const run = readRun(value as Node[]);
    const expressions = (value as Node[]).filter(({ type }) => type === "ExpressionTag");
    for (const one of expressions) this.#expression(part(one, "expression"), place);
    if (!run) return;
    if (place.shows === "text") {
      const quoted = (run.segments[0]?.pieces ?? []).map(([start, end], at, all): Range => {
        const [first, last] = [value[0] as Node, value.at(-1) as Node];
        return [at === 0 ? first.start - this.#quote(first.start - 1) : start, at === all.length - 1 ? last.end + this.#quote(last.end) : end];
      });
      this.found.occurrences.push({ message: { english: run.english }, segments: [{ pieces: quoted, names: run.segments[0]?.names ?? [] }], braced: true });
    } else if (place.shows === "maybe" && looksLikeText(run.english)) this.#doubt(node, run.english, `the attribute ${name} is not known to show a text`);
  }

  #quote = (at: number): number => (/["']/.test(this.#code[at] ?? "") ? 1 : 0);

  #expression(node: Node | undefined, place: Place): void {
    if (!node || (node.type.startsWith("TS") && !/^TS(As|Satisfies|NonNull)Expression$/.test(node.type))) return;
    if (rules.isWire(node)) return;
    if (FUNCTIONS.has(node.type)) return this.#inside(node, { ...place, shows: isWorded(node) || place.shows === "text" ? "text" : "maybe", once: false, property: undefined });
    switch (node.type) {
      case "Literal":
        return typeof node["value"] === "string" ? this.#literal(node, node["value"], place) : undefined;
      case "TemplateLiteral":
        return this.#template(node, place);
      case "ImportDeclaration":
      case "ImportExpression":
      case "ExportAllDeclaration":
      case "ThrowStatement":
        return;
      case "Property":
        return this.#property(node, place);
      case "CallExpression":
      case "NewExpression":
        return this.#call(node, place);
      case "VariableDeclarator":
        return this.#expression(part(node, "init"), isWorded(node) ? { ...place, shows: "text" } : place), this.#expression(part(node, "id"), place);
      case "BinaryExpression": {
        const shows = COMPARISONS.has(String(node["operator"])) ? "code" : place.shows;
        return this.#each([part(node, "left"), part(node, "right")], { ...place, shows });
      }
      case "MemberExpression":
        return this.#expression(part(node, "object"), { ...place, shows: "maybe" }), this.#expression(part(node, "property"), { ...place, shows: "code" });
      case "ConditionalExpression":
        return this.#expression(part(node, "test"), { ...place, shows: "code" }), this.#each([part(node, "consequent"), part(node, "alternate")], place);
      case "SwitchCase":
        return this.#each(parts(node, "consequent"), place);
      case "IfStatement":
        return this.#expression(part(node, "test"), { ...place, shows: "code" }), this.#each([part(node, "consequent"), part(node, "alternate")], place);
      default:
        return this.#inside(node, place);
    }
  }

  #inside = (node: Node, place: Place): void => this.#each(allParts(node), place);

  #each(nodes: readonly (Node | undefined)[], place: Place) {
    for (const node of nodes) this.#expression(node, place);
  }

  #property(node: Node, place: Place) {
    const value = part(node, "value");
    const shows = rules.placeOfProperty(node, place.shows);
    if (node["computed"]) this.#expression(part(node, "key"), { ...place, shows: "code" });
    this.#expression(value, { ...place, shows, property: place.once ? node : undefined });
  }

  #call(node: Node, place: Place) {
    const callee = part(node, "callee");
    const [first, forms, ...others] = parts(node, "arguments");
    const called = callee ? this.#code.slice(callee.start, callee.end) : "";
    if (called === "counted" && forms?.type === "ArrayExpression") {
      const [one, many] = parts(forms, "elements").map(({ value }) => String(value));
      this.found.occurrences.push({ message: { english: one ?? "", plural: many ?? "" }, segments: [{ pieces: [[forms.start, forms.end]], names: [] }], braced: false });
      return this.#each([first, ...others], { ...place, shows: "maybe" });
    }
    this.#expression(callee, { ...place, shows: "maybe" });
    const shows = rules.placeOfArguments(called);
    this.#each([first, forms, ...others], { ...place, shows });
  }

  #literal(node: Node, text: string, place: Place) {
    if (this.#shown(node, text, place)) this.#string(node, { message: { english: text }, segments: [{ pieces: [[node.start, node.end]], names: [] }], braced: false }, place);
  }

  #template(node: Node, place: Place) {
    const expressions = parts(node, "expressions");
    const run = readRun(parts(node, "quasis").flatMap((quasi, at) => [quasi, ...(expressions[at] ? [{ type: "ExpressionTag", start: 0, end: 0, expression: expressions[at] }] : [])]));
    const inner: Place = { ...place, shows: place.shows === "code" ? "code" : place.shows };
    this.#each(expressions, inner);
    if (!run || !this.#shown(node, run.whole, place)) return;
    const bounds = [node.start, ...expressions.flatMap(({ start, end }) => [start, end]), node.end];
    const pieces = Array.from({ length: expressions.length + 1 }, (_, at): Range => [bounds[2 * at] ?? 0, bounds[2 * at + 1] ?? 0]);
    this.#string(node, { message: { english: run.whole }, segments: [{ pieces, names: run.names }], braced: false }, place);
  }

  #shown(node: Node, text: string, place: Place): boolean {
    if (place.shows === "code" || rules.isCode(text, place.shows)) return false;
    return place.shows === "text" ? isText(text) : looksLikeText(text);
  }

  /** A text in a script. One that is read with its module is put off until it is asked for. */
  #string(node: Node, occurrence: Occurrence, { once, property }: Place) {
    this.found.occurrences.push(occurrence);
    if (!once) return;
    const [key, value] = property ? [part(property, "key"), part(property, "value")] : [];
    if (!property || !key || !value) return this.#doubt(node, occurrence.message.english, "it is read once, with its module: make it a function, or the property of an object");
    if (this.found.lazy.some(({ key: [start] }) => start === key.start)) return;
    this.found.lazy.push({ key: [key.start, key.end], value: [value.start, value.end], computed: property["computed"] === true });
  }

  #doubt(node: Node, text: string, why: string) {
    this.found.doubts.push({ at: node.start, text, why });
  }

  #moveBack(shift: number) {
    if (shift === 0) return;
    const back = ([start, end]: Range): Range => [start - shift, end - shift];
    for (const { segments } of this.found.occurrences) for (const segment of segments) segment.pieces = segment.pieces.map(back);
    for (const one of this.found.lazy) Object.assign(one, { key: back(one.key), value: back(one.value) });
    for (const doubt of this.found.doubts) doubt.at -= shift;
  }
}
