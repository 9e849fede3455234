import { call } from "$ipc/call";
import type { TestUserDetail } from "$ipc/gen/testUser";
import { showFailure } from "$failure/show";
import { toasts } from "$kit/toasts.svelte";
import type { Server } from "./queries";

/** Makes test users of the people of a twin. Says whom there is now. */
export async function takeTwinPeople({ provider, environment }: Server): Promise<void> {
  try {
    await call("test_user_create_from_twin", { provider, environment });
    toasts.show({ tone: "ok", text: "The twin's people are test users.", hint: "Each has the identity that the twin will say." });
  } catch (cause) {
    showFailure(cause);
  }
}

/** Deletes a test user and offers to take that back for as long as the backend keeps it. */
export async function deleteTestUser({ id }: TestUserDetail): Promise<void> {
  try {
    const { what, undoMs } = await call("test_user_delete", { testUser: id });
    toasts.show({
      text: `Deleted “${what}”.`,
      hint: "What the login window kept of them goes with this message. Their runs stay.",
      seconds: undoMs / 1000,
      action: { label: "Undo", run: () => void call("test_user_restore", { testUser: id }).catch(showFailure) },
    });
  } catch (cause) {
    showFailure(cause);
  }
}

/** Forgets what the login window kept of a test user. */
export async function forgetStorage({ id, name }: { id: string; name: string }): Promise<void> {
  try {
    await call("test_user_forget_storage", { testUser: id });
    toasts.show({ tone: "ok", text: `Nothing is kept of ${name} any more.`, hint: "The next login in the embedded view begins like the first." });
  } catch (cause) {
    showFailure(cause);
  }
}
