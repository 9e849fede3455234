import { part, type Node } from "./nodes.ts";

/** Whether there is anything in it to read: a letter. */
export const isText = (text: string): boolean => /\p{L}/u.test(text.replaceAll(/\{\w+\}/g, ""));

/** Whether a string of a script looks like a text: words with a space between them, or a word with a capital letter. */
export const looksLikeText = (text: string): boolean => {
  const words = text.replaceAll(/\{\w+\}/g, "0");
  return isText(text) && (/\p{L}[\p{L}’'.,:;]*\s|\s\p{L}/u.test(words) || /^\p{Lu}\p{Ll}/u.test(words));
};

/** Whether a function or variable is named after the words it holds: `verdictWords`. */
export const isWorded = (node: Node): boolean => {
  const name = part(node, "id") ?? part(node, "key");
  return /[wW]ords$|[sS]entence$/.test(String(name?.["name"] ?? ""));
};

const INLINE = new Set(["a", "b", "i", "em", "strong", "code", "kbd", "span", "time", "abbr", "small", "Code", "Kbd"]);
const SKIPPED = new Set(["code", "kbd", "pre", "style", "script"]);

/** Attributes and properties whose strings a person reads. */
const SHOWN = new Set(["title", "label", "aria-label", "hint", "placeholder", "description", "legend", "alt", "text", "word", "words", "also", "aria-description", "aria-roledescription", "aria-valuetext", "children", "confirm", "request", "whom", "caption", "left", "right", "advice", "about", "back", "noun", "question", "none", "what"]);
/** Attributes and properties whose strings are never read, though they may look like a text. */
const CODE = new Set(["class", "style", "keys", "id", "href", "media", "autocomplete", "tone", "this", "queryKey", "aria-keyshortcuts"]);
/** Functions whose strings no person reads. */
const CODE_CALLS = /^(call|fetch|matchMedia|Intl\..*|.*querySelector(All)?|.*addEventListener|.*\.closest|.*\.matches|localStorage\..*|keysHeard|keysHere|.*\.includes|.*\.startsWith|.*\.endsWith|.*\.split|.*\.has|.*\.createElement(NS)?|.*\.setAttribute|.*\.getAttribute|.*\.toLocaleString|Error|TypeError)$/;
/** Strings that look like a text and are none. */
const CODE_TEXTS = new Set(["CommandFailed", "EdDSA", "English", "Deutsch"]);
/** Keys as scripts compare them. Where a text is expected they are what stands on the keyboard, which another language has otherwise. */
const KEYS = new Set(["Ctrl", "Shift", "Meta", "Control"]);

/** Functions and variables that hold what goes over the wire, which has one language. */
const WIRE = new Set(["requestText", "phrases"]);

type Shows = "text" | "code" | "maybe";

/** Where texts are expected in this project's sources. */
export const rules = {
  isInline: (node: Node): boolean => ["Text", "ExpressionTag", "Comment"].includes(node.type) || INLINE.has(String(node["name"])),
  isSkipped: (node: Node): boolean => SKIPPED.has(String(node["name"])) && node.type === "RegularElement",
  placeOf: (attribute: string): Shows => (SHOWN.has(attribute) ? "text" : CODE.has(attribute) ? "code" : "maybe"),
  placeOfProperty(property: Node, outside: Shows): Shows {
    const key = part(property, "key");
    const name = String(key?.["name"] ?? key?.["value"] ?? "");
    return SHOWN.has(name) ? "text" : CODE.has(name) ? "code" : outside;
  },
  placeOfArguments: (called: string): Shows => (CODE_CALLS.test(called) ? "code" : "maybe"),
  isWire: (node: Node): boolean => WIRE.has(String(part(node, "id")?.["name"])),
  isCode: (text: string, shows: Shows): boolean => CODE_TEXTS.has(text) || (shows !== "text" && KEYS.has(text)),
};
