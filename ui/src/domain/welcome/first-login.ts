import { call } from "$ipc/call";
import type { ProviderRow } from "$ipc/gen/provider";

/** The name of the client that the welcome registers. It fits every provider's own limits. */
export const clientName = (provider: Pick<ProviderRow, "name">): string => `First ${provider.name} login`;

/** Its redirect URI: an address nobody has to own, because the login view catches the callback before a request leaves. */
export const redirectUri = (provider: Pick<ProviderRow, "id">): string => `https://example.com/${provider.id}-callback`;

/**
 * Makes everything ready for a first login at a twin, and gives the client's record id: starts the sandbox if it is off, and registers
 * a client there, or takes the one that an earlier welcome has registered.
 */
export async function prepareFirstLogin(provider: ProviderRow): Promise<string> {
  const name = clientName(provider);
  let sandbox = await call("sandbox_state", {});
  if (!sandbox.running) sandbox = await call("sandbox_start", { port: null, autoApprove: null, gitterAsEngine: false });
  const { rows } = await call("client_list", { search: name, provider: provider.id, environment: "sandbox", ownership: "owned", tag: null, offset: 0, limit: 10 });
  const earlier = rows.find((row) => row.name === name);
  if (earlier) return earlier.id;
  // Chattr lets only people with a verified phone register an app.
  const registerAs = sandbox.users.find(({ phoneVerified }) => phoneVerified)?.username ?? "";
  const { row } = await call("client_register", { provider: provider.id, name, redirectUris: [redirectUri(provider)], registerAs, tag: "", notes: "" });
  return row.id;
}
