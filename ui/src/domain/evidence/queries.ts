import { createQuery } from "@tanstack/svelte-query";
import { call } from "$ipc/call";
import { keys } from "$ipc/queries";

/** The pages of a run; asked again when there is more to see. */
export function usePagesOfRun(run: () => string) {
  return createQuery(() => ({ queryKey: [...keys.evidence, "pages", run()], queryFn: () => call("evidence_list", { run: run() }) }));
}

/** One picture. What is in it never changes; it is forgotten soon after nobody looks at it, because it is large. */
export function usePicture(picture: () => string) {
  return createQuery(() => ({ queryKey: ["picture", picture()], queryFn: () => call("evidence_picture", { picture: picture() }), gcTime: 30_000 }));
}

/** How many pictures there are, and how many would go if they were kept that many days. */
export function usePictureStock(days: () => number) {
  return createQuery(() => ({ queryKey: [...keys.evidence, "stock", days()], queryFn: () => call("evidence_stock", { days: days() }) }));
}
