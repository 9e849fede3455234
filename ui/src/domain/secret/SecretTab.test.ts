import { screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import { router } from "$frame/router.svelte";
import { fail } from "../../../dev/backend";
import { appState } from "../../../dev/sample-app";
import { clientDetail, clientRows, secretDetail } from "../../../dev/sample-clients";
import { changedBinding, deployments } from "../../../dev/sample-secrets";
import { axeFindings } from "../../../tests/axe";
import { openWindow } from "../../../tests/window";

const client = clientDetail(clientRows[0]!, {
  deployments,
  secretVersions: [
    secretDetail({ version: 3, proof: { standing: "accepted", at: new Date(Date.now() - 7_200_000).toISOString() } }),
    secretDetail({ version: 2, state: "retired", lastFour: "11aa", fingerprint: "77d0e1f2", retiredAt: "2025-10-11T09:12:00Z", removedAt: "2025-11-10T00:00:00Z" }),
  ],
});

describe("the tab of a secret", () => {
  test("shows each version with what became of it, and who uses it", async () => {
    openWindow(["clients", "c1", "secret"], { client_show: () => client });
    const versions = within(await screen.findByRole("region", { name: "Versions" })).getAllByRole("listitem");
    expect(versions[0]).toHaveTextContent(/v3 active accepted 2 h ago ends in 9f2c · fingerprint 5be0c41d.*in use since 11 Oct 2025/);
    expect(versions[1]).toHaveTextContent(/v2 retired never proved.*value removed 10 Nov 2025, retired 11 Oct 2025/);
    expect(screen.getByRole("checkbox", { name: "web-1" })).toBeChecked();
    expect(screen.getByRole("checkbox", { name: "nightly export" })).not.toBeChecked();
    expect(screen.getByText(/web-1.example.org:\/etc\/forum.env · has v3/)).toBeVisible();
    expect(await axeFindings()).toEqual([]);
  });

  test("says of a value that the keyring has it not, or perhaps not", async () => {
    const secretVersions = [secretDetail({ version: 2, place: "moving" }), secretDetail({ version: 1, state: "retiring", place: "session" })];
    openWindow(["clients", "c1", "secret"], { client_show: () => ({ ...client, secret: secretVersions[0]!, secretVersions }) });
    const versions = within(await screen.findByRole("region", { name: "Versions" })).getAllByRole("listitem");
    expect(versions[0]).toHaveTextContent(/v2 active ! on its way into the keyring/);
    expect(versions[1]).toHaveTextContent(/v1 retiring ! only until Gatewright ends/);
    expect(screen.getByText(/version 2, stored on/)).toBeVisible();
  });

  test("leads to the choice of a way to rotate", async () => {
    openWindow(["clients", "c1", "secret"], { client_show: () => client });
    await userEvent.click(await screen.findByRole("button", { name: "Rotate …" }));
    expect(router.screen).toBe("rotation");
    expect(router.rest).toEqual(["start", "c1"]);
  });

  test("adds, ticks, renames and removes who uses it, and takes a removal back", async () => {
    const { asked } = openWindow(["clients", "c1", "secret"], { client_show: () => client });
    await userEvent.type(await screen.findByRole("textbox", { name: /^Who uses it/ }), "web-2");
    await userEvent.click(screen.getByRole("button", { name: "Add" }));
    expect(asked("deployment_add")).toEqual([{ client: "c1", name: "web-2", place: "" }]);
    await userEvent.click(screen.getByRole("checkbox", { name: "nightly export" }));
    expect(asked("deployment_set_version")).toEqual([{ deployment: "d2", version: 3 }]);

    await userEvent.click(screen.getByRole("button", { name: "More for nightly export" }));
    await userEvent.click(screen.getByRole("menuitem", { name: "Rename …" }));
    const name = screen.getByDisplayValue("nightly export");
    await userEvent.clear(name);
    await userEvent.type(name, "weekly export");
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    expect(asked("deployment_rename")).toEqual([{ deployment: "d2", name: "weekly export", place: "" }]);

    await userEvent.click(await screen.findByRole("button", { name: "More for web-1" }));
    await userEvent.click(screen.getByRole("menuitem", { name: "Remove" }));
    await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
    expect(asked("deployment_remove")).toEqual([{ deployment: "d1" }]);
    expect(asked("deployment_restore")).toEqual([{ deployment: "d1" }]);
  });

  test("says beside the field what is wrong with a name", async () => {
    openWindow(["clients", "c1", "secret"], {
      client_show: () => client,
      deployment_add: () => fail({ code: "invalid", message: "A name has at most 200 characters.", field: "name" }),
    });
    const name = await screen.findByRole("textbox", { name: /^Who uses it/ });
    await userEvent.type(name, "web-2{Enter}");
    await waitFor(() => expect(name).toHaveAccessibleDescription(/A name has at most 200 characters/));
    expect(name).toHaveValue("web-2");
  });

  test("keeps after how many days the secret is due", async () => {
    const { asked } = openWindow(["clients", "c1", "secret"], { client_show: () => ({ ...client, rotateAfterDays: 45 }) });
    const policy = await screen.findByRole("combobox", { name: "Remind me" });
    expect(policy).toHaveDisplayValue("after 45 days");
    await userEvent.selectOptions(policy, "never");
    expect(asked("secret_set_policy")).toEqual([{ client: "c1", rotateAfterDays: null }]);
  });
});

describe("a client that was changed outside", () => {
  test("says so, shows what differs and is used again only after a yes", async () => {
    const { asked } = openWindow(["clients", "c1"], { client_show: () => client, secret_binding: (request) => changedBinding(request.client) });
    await userEvent.click(await screen.findByRole("button", { name: "See what differs …" }));
    const dialog = within(await screen.findByRole("dialog", { name: "“My Website Login” was changed outside Gatewright" }));
    expect(dialog.getByRole("row", { name: "Token endpoint https://chattz.net/oauth/token https://chattz.example.net/oauth/token" })).toBeVisible();
    expect(dialog.getByRole("button", { name: "Use it there" })).toBeDisabled();
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(dialog.getByRole("checkbox"));
    await userEvent.click(dialog.getByRole("button", { name: "Use it there" }));
    expect(asked("secret_confirm_binding")).toEqual([{ client: "c1", digest: "5be0c41d" }]);
  });

  test("does not ask a keyring that is locked", async () => {
    const { asked } = openWindow(["clients", "c1"], {
      client_show: () => client,
      app_state: () => ({ ...appState, keyring: { status: "locked", message: "The keyring is locked.", hint: null, sessionSecrets: 0, movingSecrets: 0 } }),
    });
    await screen.findByRole("heading", { name: "My Website Login" });
    expect(asked("secret_binding")).toEqual([]);
  });
});

describe("a database from an earlier day", () => {
  test("is said once, and gone on with only after a yes", async () => {
    let older = true;
    const { asked } = openWindow(["clients"], {
      app_state: () => ({ ...appState, olderDatabase: older }),
      database_confirm_older: () => {
        older = false;
        return { ...appState, olderDatabase: false };
      },
    });
    await userEvent.click(await screen.findByRole("button", { name: "Go on with it …" }));
    expect(screen.getAllByText(/database is older than the one last used here/)).toHaveLength(1);
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(within(await screen.findByRole("alertdialog")).getByRole("button", { name: "Go on with it" }));
    await waitFor(() => expect(screen.queryByText(/database is older/)).not.toBeInTheDocument());
    expect(asked("database_confirm_older")).toHaveLength(1);
  });
});
