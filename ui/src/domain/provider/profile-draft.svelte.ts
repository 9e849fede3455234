import { call } from "$ipc/call";
import type { ProviderDetail } from "$ipc/gen/provider";
import { CheckedText } from "$domain/checked-text/checked-text.svelte";
import { renamed, valueOf } from "./profile-text";

/** A profile of the user's own is changed, or a new one is started from another. */
export type ProfileWay = "edit" | "copy";

/** The text of a profile as it is written. */
export class ProfileDraft extends CheckedText<ProviderDetail> {
  constructor(
    readonly way: ProfileWay,
    /** The provider that is changed or copied. */
    readonly from: string,
    /** The ids that exist. */
    taken: readonly string[],
  ) {
    super({
      fetch: async () => {
        const { text } = await call("provider_text", { provider: from });
        return way === "copy" ? renamed(text, taken) : text;
      },
      judge: async (text) => (await call("provider_check", { text })).problems,
      keep: (text) => call("provider_save", { text }),
    });
  }

  /** The id the text gives itself. */
  get id(): string | undefined {
    return valueOf(this.text, "id");
  }
}

const unfinished: Record<string, ProfileDraft> = {};

const place = (way: ProfileWay, from: string) => `${way} ${from}`;

/** The draft that was begun for this provider, so that a look at another screen loses nothing. */
export function draftFor(way: ProfileWay, from: string, taken: readonly string[]): ProfileDraft {
  return (unfinished[place(way, from)] ??= new ProfileDraft(way, from, taken));
}

/** Forgets a draft that was kept or given up. */
export function dropDraft({ way, from }: ProfileDraft): void {
  delete unfinished[place(way, from)];
}
