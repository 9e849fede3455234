import { expect, test } from "vitest";
import { tellCutText } from "./cut-text";

/** A text in a room of so many pixels, with a word in an element of its own. */
function textOf(width: number, style = "text-overflow: ellipsis") {
  document.body.innerHTML = `<div style="${style}">Whoever reads <b>this</b> wants all of it</div>`;
  const text = document.querySelector<HTMLElement>("div")!;
  Object.defineProperty(text, "scrollWidth", { value: 200 });
  let room = width;
  Object.defineProperty(text, "clientWidth", { get: () => room });
  return { text, word: text.querySelector("b")!, widen: (to: number) => (room = to) };
}

const pointAt = (target: EventTarget) => tellCutText({ target } as Event);

test("a text that is cut tells the whole of it to who points at it, and no longer once it has room", () => {
  const { text, word, widen } = textOf(100);
  pointAt(word);
  expect(text).toHaveAttribute("title", "Whoever reads this wants all of it");
  widen(300);
  pointAt(text);
  expect(text).not.toHaveAttribute("title");
});

test("a text that has room, scrolls, or has a tooltip already is left alone", () => {
  for (const { text } of [textOf(300), textOf(100, "overflow: auto")]) {
    pointAt(text);
    expect(text).not.toHaveAttribute("title");
  }
  const { text, word } = textOf(100);
  text.title = "What it means";
  pointAt(word);
  expect(text).toHaveAttribute("title", "What it means");
});
