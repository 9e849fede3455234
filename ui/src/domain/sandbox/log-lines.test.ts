import { describe, expect, test } from "vitest";
import { request, requests } from "../../../dev/sample-sandbox";
import { KEPT, merged, narrowed, statusTone } from "./log-lines";

const numbers = (entries: readonly { sequence: number }[]) => entries.map(({ sequence }) => sequence);

describe("lines from two sources", () => {
  test("are put together once, however often they come", () => {
    const { entries, gap } = merged([request(1), request(2)], [request(2), request(3)]);
    expect(numbers(entries)).toEqual([1, 2, 3]);
    expect(gap).toBe(false);
  });

  test("tell that some between them are missing", () => {
    expect(merged([request(1)], [request(5)]).gap).toBe(true);
    expect(merged([], [request(5)]).gap).toBe(false);
  });

  test("leave at the old end once there are too many", () => {
    const many = Array.from({ length: KEPT }, (_, index) => request(index + 1));
    const { entries } = merged(many, [request(KEPT + 1)]);
    expect(entries).toHaveLength(KEPT);
    expect(entries[0]?.sequence).toBe(2);
  });
});

describe("a filter", () => {
  test.each([
    ["a twin", { twin: "gitter", words: "" }, [7]],
    ["words in any order, letter case aside", { twin: "", words: "forum CODE" }, [4]],
    ["a method and a status", { twin: "", words: "post 401" }, [8]],
    ["nothing", { twin: "", words: " " }, numbers(requests)],
  ])("by %s", (_what, filter, expected) => {
    expect(numbers(narrowed(requests, filter))).toEqual(expected);
  });
});

test("a refusal is a warning, and only an error of the server is bad", () => {
  expect([200, 302, 404, 500].map(statusTone)).toEqual(["ok", "accent", "warn", "bad"]);
});
