import { describe, expect, test } from "vitest";
import { readSearch, withToken } from "./search";

const providers = [
  { id: "chattr", name: "Chattr" },
  { id: "chattz", name: "Chattz" },
];
const nothing = { search: "", provider: null, environment: null, ownership: null, tag: null };

describe("the search field", () => {
  test.each([
    ["forum login", { search: "forum login" }],
    ["provider:chattz forum", { provider: "chattz", search: "forum" }],
    ["PROVIDER:chat", { provider: "chattr" }],
    ["provider:sso.example.org", { provider: "sso.example.org" }],
    ["env:prod", { environment: "production" }],
    ["env:sandbox bot", { environment: "sandbox", search: "bot" }],
    ["env:staging", { tag: "staging" }],
    ["is:shared tag:Team-A", { ownership: "shared", tag: "Team-A" }],
    ["https://example.com/callback", { search: "https://example.com/callback" }],
    ["provider:", {}],
  ])("reads %j", (typed, expected) => {
    expect(readSearch(typed, providers)).toEqual({ ...nothing, ...expected });
  });

  test("takes one narrowing word of a kind, and gives it back on a second choice", () => {
    const once = withToken("forum provider:chattr", "provider", "chattz");
    expect(once).toBe("forum provider:chattz");
    expect(withToken(once, "provider", "chattz")).toBe("forum");
  });
});
