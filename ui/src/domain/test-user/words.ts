import type { ExpectedIdentity, PersonaColour, TestUserDetail } from "$ipc/gen/testUser";

/** Every colour, in the order in which they are offered. */
export const colours: readonly PersonaColour[] = ["blue", "orange", "teal", "violet", "yellow", "rose", "olive", "grey"];

/** How the window names the colours. */
export const colourWords: Record<PersonaColour, string> = { blue: "blue", orange: "orange", teal: "teal", violet: "violet", yellow: "yellow", rose: "rose", olive: "olive", grey: "grey" };

/** What a test user is, for whoever meets the word for the first time. */
export const whatItIs = (): string => "A test user is somebody you log in as: a name, a colour, who the provider has to say it was, and cookies of their own. Never a password.";

/** Who it has to be. */
export function expectation(expected: ExpectedIdentity): string {
  if (expected.kind === "subject") return `has to be ${expected.subject}`;
  return expected.kind === "anyone" ? "may be anybody" : "the first login says who it is";
}

/** What the login window keeps. */
export function keeping({ storage, keepsSomething }: TestUserDetail): string {
  if (storage === "thrownAway") return "begins without any history each time";
  return keepsSomething ? "the login window finds what it kept" : "the login window will keep what it finds";
}
