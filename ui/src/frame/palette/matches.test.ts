import { expect, test } from "vitest";
import { matching } from "./matches";

const all = [
  { label: "Log in with …", also: "start a login" },
  { label: "Login" },
  { label: "Start the sandbox", also: "twins on" },
  { label: "Import clients" },
  { label: "Clients" },
];
const found = (typed: string) => matching(typed, all).map(({ label }) => label);

test("nothing typed leaves everything in its order", () => {
  expect(found(" ")).toEqual(all.map(({ label }) => label));
});

test("what begins with the words comes first, then what has them, then what is also known by them", () => {
  expect(found("clients")).toEqual(["Clients", "Import clients"]);
  expect(found("start")).toEqual(["Start the sandbox", "Log in with …"]);
  expect(found("LOG")).toEqual(["Log in with …", "Login"]);
});

test("words fit from their beginning, in any order", () => {
  expect(found("sand  st")).toEqual(["Start the sandbox"]);
  expect(found("andbox")).toEqual([]);
});
