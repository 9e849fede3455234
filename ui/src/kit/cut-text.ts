/** Marks an element whose tooltip was made here. */
const MARK = "cut";

/** How far up from where somebody points the text is looked for: a word of it may stand in an element of its own. */
const STEPS = 3;

/** Whether a text ends in an ellipsis because it has no room. */
function isCut(element: HTMLElement): boolean {
  if (element.scrollWidth <= element.clientWidth && element.scrollHeight <= element.clientHeight) return false;
  const { textOverflow, webkitLineClamp } = getComputedStyle(element);
  return textOverflow === "ellipsis" || !["", "none"].includes(webkitLineClamp ?? "");
}

/** Gives a text that is cut its whole words as a tooltip, and takes them away again once it has room. For whatever is pointed at. */
export function tellCutText({ target }: Event): void {
  let element = target instanceof HTMLElement ? target : null;
  for (let step = 0; element && step < STEPS; step += 1, element = element.parentElement) {
    const ours = element.dataset[MARK] !== undefined;
    if (element.title !== "" && !ours) return;
    if (isCut(element)) {
      element.title = element.textContent.trim();
      element.dataset[MARK] = "";
      return;
    }
    if (ours) {
      element.removeAttribute("title");
      delete element.dataset[MARK];
    }
  }
}
