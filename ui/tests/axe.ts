import axe from "axe-core";

/** Problems that axe finds in what the page shows now, one line each; an empty list is the only good answer. */
export async function axeFindings(root: Element = document.body): Promise<string[]> {
  const { violations } = await axe.run(root, {
    rules: {
      "color-contrast": { enabled: false }, // Needs a browser's layout; tests/tokens.test.ts and the journeys prove contrast.
      region: { enabled: false }, // A component alone is not a page with landmarks.
    },
  });
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
}
