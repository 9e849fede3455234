import type { Preflight, PreflightItem } from "$ipc/gen/preflight";

const titles: Record<string, string> = {
  server: "Server",
  provider_host: "Profile and host",
  plain_http: "Encrypted addresses",
  slashes: "Slashes at the end of paths",
  client_id: "Client ID",
  secret: "Secret",
  redirect_uri: "Redirect URI",
  redirect_uri_registered: "Registered redirect URI",
  port: "Port for the callback",
  approval: "Approval of the client",
  host_name: "Host name",
  proxy: "Proxy",
  certificate: "Certificate",
  clock: "Clock",
  first_answer: "First answer of the login page",
};

/** A preflight in which everything is good but what `changes` says. */
export function preflight(changes: Record<string, Partial<PreflightItem>> = {}): Preflight {
  const items = Object.entries(titles).map(([code, title]): PreflightItem => {
    const good = { code, title, standing: "good" as const, sentence: "As it should be.", expected: null, received: null, fix: null, stops: false };
    return { ...good, ...changes[code] };
  });
  const waiting = items.some(({ standing }) => standing === "waiting");
  return { provider: "contentdb", providerName: "ContentDB", items, waiting, milliseconds: 48.2, asksEndpoint: true, answerSeconds: null };
}

/** What the journey of a wrong redirect URI looks like. */
export const wrongRedirectUri: Partial<PreflightItem> = {
  standing: "problem",
  sentence: "ContentDB does not have this redirect URI, by its sandbox twin. It is compared letter by letter.",
  expected: "https://example.com/callback",
  received: "https://example.com/callback/",
  fix: { kind: "openRedirectLab" },
};
