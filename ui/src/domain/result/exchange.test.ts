import { expect, test } from "vitest";
import { tokenExchange } from "../../../dev/sample-runs";
import { requestText, responseText, responseTitle } from "./exchange";

const textOf = (pieces: { text: string }[]) => pieces.map(({ text }) => text).join("");

test("a request is written with its header and its fields in columns", () => {
  expect(textOf(requestText(tokenExchange))).toBe(
    [
      "POST /contentdb/oauth/token/  HTTP/1.1",
      "Host: 127.0.0.1:40123",
      "Content-Type: multipart/form-data; boundary=…",
      "Accept: application/json",
      "",
      "grant_type     authorization_code",
      "client_id      qX3vB7nT2mLr",
      "client_secret  secret:v3",
      "code           code#1",
    ].join("\n"),
  );
});

test("what stands for a secret stays a piece of its own", () => {
  expect(requestText(tokenExchange).filter(({ reference }) => reference)).toEqual([
    { text: "secret:v3", reference: true },
    { text: "code#1", reference: true },
  ]);
  expect(responseText(tokenExchange).filter(({ reference }) => reference)).toEqual([{ text: "token#1", reference: true }]);
});

test("a response is titled with its status, time and size", () => {
  expect(responseTitle(tokenExchange)).toBe("Response · 200 OK · 38 ms · 96 B");
  expect(responseTitle({ ...tokenExchange, status: 418, bytes: 104_857_600 })).toBe("Response · 418 · 38 ms · 104.9 MB");
});
