import { expect, test } from "vitest";
import { renamed, valueOf } from "./profile-text";

const chattr = `# Chattr
id = "chattr"
name = 'Chattr'
summary = "Identity only."

[endpoints.token]
id = "not this one"
`;

test("the id of a profile is read from before its first table", () => {
  expect(valueOf(chattr, "id")).toBe("chattr");
  expect(valueOf("[table]\nid = \"inner\"", "id")).toBeUndefined();
});

test("a copy gets an id and a name that nobody has, and keeps every other line", () => {
  const copy = renamed(chattr, ["chattr", "my-chattr"]);
  expect(valueOf(copy, "id")).toBe("my-chattr-2");
  expect(valueOf(copy, "name")).toBe("My Chattr");
  expect(copy.split("\n").slice(3)).toEqual(chattr.split("\n").slice(3));
});

test("a copy of a copy does not pile prefixes up", () => {
  const copy = renamed(renamed(chattr, []), ["my-chattr"]);
  expect([valueOf(copy, "id"), valueOf(copy, "name")]).toEqual(["my-chattr-2", "My Chattr"]);
});

test("a text without an id stays as it is", () => {
  expect(renamed("name = \"x\"", [])).toBe("name = \"x\"");
});
