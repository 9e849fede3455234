import { toasts } from "$kit/toasts.svelte";
import { call } from "$ipc/call";
import { showFailure } from "$failure/show";
import { router } from "$frame/router.svelte";

/** Deletes a client and offers to take that back for as long as the backend keeps it. */
export async function deleteClient(client: string): Promise<void> {
  try {
    const { what, undoMs } = await call("client_delete", { client });
    router.go("clients");
    toasts.show({
      text: `Deleted “${what}”.`,
      hint: "Its secret leaves the keyring when this message goes.",
      seconds: undoMs / 1000,
      action: { label: "Undo", run: () => void restoreClient(client) },
    });
  } catch (cause) {
    showFailure(cause);
  }
}

async function restoreClient(client: string): Promise<void> {
  try {
    const { row } = await call("client_restore", { client });
    toasts.show({ tone: "ok", text: `“${row.name}” is back.` });
    router.go("clients", client);
  } catch (cause) {
    showFailure(cause);
  }
}

/** Makes a new client with the fields of another and opens it. */
export async function duplicateClient(client: string): Promise<void> {
  try {
    const { row } = await call("client_duplicate", { client });
    toasts.show({ tone: "ok", text: `“${row.name}” was made.` });
    router.go("clients", row.id);
  } catch (cause) {
    showFailure(cause);
  }
}

/** Asks the provider what it thinks of the active secret, and says what it said. */
export async function proveSecret(client: string): Promise<void> {
  try {
    const { verdict } = await call("secret_prove", { client });
    if (verdict === "accepted") toasts.show({ tone: "ok", text: "The provider takes this secret." });
    else if (verdict === "refused") toasts.show({ tone: "bad", text: "The provider refuses this secret.", hint: "Look at its page for the right one, then paste it.", seconds: 10 });
    else toasts.show({ text: "The provider's answer does not tell whether it takes this secret.", hint: "A login will." });
  } catch (cause) {
    showFailure(cause);
  }
}

/** Puts the active secret on the clipboard, without it ever coming into the window. */
export async function copySecret(client: string): Promise<void> {
  const { clearAfterMs } = await call("secret_copy", { client, confirmed: true });
  toasts.show({ tone: "ok", text: "The secret is on the clipboard.", hint: `It is cleared in ${Math.round(clearAfterMs / 1000)} seconds.` });
}
