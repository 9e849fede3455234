import type { ExchangeDetail, Piece, RecordedField } from "$ipc/gen/run";
import { decimal, duration } from "$domain/words";

const plain = (text: string): Piece => ({ text, reference: false });

/** "application/json" and the like: header lines as they stand on the wire. */
function headerLines(fields: readonly RecordedField[]): Piece[] {
  return fields.flatMap(({ name, value }) => [plain(`${name}: `), ...value, plain("\n")]);
}

/** Names and values in two columns, which is easier to read than their encoding. */
function columns(fields: readonly RecordedField[]): Piece[] {
  const width = Math.max(0, ...fields.map(({ name }) => name.length));
  return fields.flatMap(({ name, value }) => [plain(`${name.padEnd(width)}  `), ...value, plain("\n")]);
}

function trimEnd(pieces: Piece[]): Piece[] {
  const last = pieces.at(-1);
  return last && !last.reference ? [...pieces.slice(0, -1), plain(last.text.trimEnd())] : pieces;
}

/** The path of an address; the whole of it where it is none. */
function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : url;
}

/** A request as text: its first line, its header, and its fields decoded. */
export function requestText(exchange: ExchangeDetail): Piece[] {
  const host = URL.canParse(exchange.url) ? [plain(`Host: ${new URL(exchange.url).host}\n`)] : [];
  const hasHost = exchange.requestHeaders.some(({ name }) => name.toLowerCase() === "host");
  return trimEnd([
    plain(`${exchange.method} ${pathOf(exchange.url)}${exchange.query.length > 0 ? "?…" : ""}  HTTP/1.1\n`),
    ...(hasHost ? [] : host),
    ...headerLines(exchange.requestHeaders),
    ...(exchange.query.length > 0 ? [plain("\n"), ...columns(exchange.query)] : []),
    ...(exchange.fields.length > 0 ? [plain("\n"), ...columns(exchange.fields)] : []),
  ]);
}

/** A response as text: its header and its body. */
export function responseText(exchange: ExchangeDetail): Piece[] {
  const body = exchange.body.length > 0 ? [plain("\n"), ...exchange.body] : [];
  return trimEnd([...headerLines(exchange.responseHeaders), ...body, ...(exchange.cut ? [plain("\n… cut here")] : [])]);
}

/** The reason phrases of RFC 9110 that a login meets. */
const phrases: Record<number, string> = {
  200: "OK",
  201: "Created",
  302: "Found",
  303: "See Other",
  307: "Temporary Redirect",
  308: "Permanent Redirect",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
};

function size(bytes: number): string {
  return bytes < 1000 ? `${bytes} B` : bytes < 1_000_000 ? `${decimal(bytes / 1000)} kB` : `${decimal(bytes / 1_000_000)} MB`;
}

/** "Response · 200 OK · 38 ms · 96 B". */
export function responseTitle({ status, durationMs, bytes }: ExchangeDetail): string {
  const parts = ["Response"];
  if (status !== null && status !== 0) parts.push(`${status} ${phrases[status] ?? ""}`.trim());
  parts.push(duration(durationMs));
  if (bytes !== null) parts.push(size(bytes));
  return parts.join(" · ");
}
