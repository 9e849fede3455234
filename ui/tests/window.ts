import { render } from "@testing-library/svelte";
import { clearMocks } from "@tauri-apps/api/mocks";
import { onTestFinished } from "vitest";
import { newQueryClient } from "$ipc/queries";
import { router, type ScreenName } from "$frame/router.svelte";
import { toasts } from "$kit/toasts.svelte";
import App from "../src/App.svelte";
import { installBackend, type Answers } from "../dev/backend";

/** Opens the whole window at a screen, in front of a backend with sample records; `answers` replaces some of its commands. */
export function openWindow(at: [ScreenName, ...string[]], answers: Answers = {}) {
  const backend = installBackend(answers);
  const client = newQueryClient();
  router.go(...at);
  const view = render(App, { client });
  onTestFinished(() => {
    view.unmount();
    client.clear();
    toasts.clear();
    localStorage.clear();
    clearMocks();
  });
  return {
    ...view,
    /** The requests a command was called with, oldest first. */
    asked: (command: string) => backend.calls.filter((call) => call.command === command).map((call) => call.request),
  };
}
