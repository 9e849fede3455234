import type { TestUserDetail } from "$ipc/gen/testUser";
import type { Answers } from "./backend";
import { ago } from "./sample-runs";

/** A test user, with everything that a test does not care about filled in. */
export function testUser(user: Partial<TestUserDetail> & Pick<TestUserDetail, "id" | "name">): TestUserDetail {
  return {
    provider: "contentdb",
    providerName: "ContentDB",
    environment: "sandbox",
    colour: "blue",
    expected: { kind: "learnAtFirstLogin" },
    storage: "kept",
    keepsSomething: false,
    loggingIn: false,
    notes: "",
    createdAt: ago(100),
    ...user,
  };
}

export const theo = testUser({ id: "u1", name: "Theo Tanaka", expected: { kind: "subject", subject: "theo" }, keepsSomething: true, notes: "Lives in the sandbox: tester." });
export const tara = testUser({ id: "u2", name: "Tara Thomsen", colour: "orange", expected: { kind: "subject", subject: "tara" }, storage: "thrownAway" });

/** The sample answers about test users: two at ContentDB's twin, nobody elsewhere. */
export const testUserAnswers: Answers = {
  test_user_list: ({ provider, environment }) =>
    (provider ?? "contentdb") === "contentdb" && (environment ?? "sandbox") === "sandbox"
      ? { testUsers: [tara, theo], twinPeople: ["Olivia Ortega", "Una Ulrich"] }
      : { testUsers: [], twinPeople: environment === "sandbox" ? ["Olivia Ortega", "Tara Thomsen", "Theo Tanaka", "Una Ulrich"] : [] },
  test_user_create: ({ colour, ...request }) => testUser({ id: "u9", ...request, colour: colour ?? "teal" }),
  test_user_create_from_twin: () => ({ testUsers: [tara, theo], twinPeople: [] }),
  test_user_change: ({ testUser: id, expected, ...request }) => testUser({ id, ...request, ...(expected && { expected }) }),
  test_user_delete: () => ({ what: theo.name, undoUntil: new Date(Date.now() + 10_000).toISOString(), undoMs: 10_000 }),
  test_user_restore: () => theo,
  test_user_forget_storage: () => ({ ...theo, keepsSomething: false }),
};
