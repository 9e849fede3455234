/** Something that can be looked for by its words. */
interface Words {
  label: string;
  also?: string | undefined;
}

/** How well what was typed fits, less is better: the start of the label, words of the label, words beside it. Nothing where it does not fit. */
function rank(typed: string, { label, also = "" }: Words): number | undefined {
  const name = label.toLowerCase();
  const starts = (text: string) => (word: string) => ` ${text}`.includes(` ${word}`);
  const words = typed.split(" ").filter(Boolean);
  if (name.startsWith(typed)) return 0;
  if (words.every(starts(name))) return 1;
  return words.every(starts(`${name} ${also}`)) ? 2 : undefined;
}

/** Those that what was typed fits, the best first; all of them in their order where nothing was. */
export function matching<One extends Words>(typed: string, all: readonly One[]): One[] {
  const wanted = typed.trim().toLowerCase().replace(/\s+/g, " ");
  const ranked = all.flatMap((one) => {
    const place = rank(wanted, one);
    return place === undefined ? [] : [{ one, place }];
  });
  return ranked.sort((a, b) => a.place - b.place).map(({ one }) => one);
}
