import { screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import { router } from "$frame/router.svelte";
import { fail } from "../../dev/backend";
import { ended, preview } from "../../dev/sample-handover";
import { axeFindings } from "../../tests/axe";
import { openWindow } from "../../tests/window";

describe("which secret is this?", () => {
  test("names a pasted secret by client, version and day, and forgets what was pasted", async () => {
    const { asked } = openWindow(["clients", "which"]);
    const dialog = await screen.findByRole("dialog", { name: "Which secret is this?" });
    const field = within(dialog).getByLabelText(/A secret, or text/);
    await userEvent.type(field, "hush-hush-hush");
    await userEvent.click(within(dialog).getByRole("button", { name: "Recognise" }));
    expect(await within(dialog).findByText("“My Website Login” on Chattz, version 3, retired 12 May 2026.")).toBeVisible();
    expect(asked("secret_recognise")).toEqual([{ text: "hush-hush-hush" }]);
    expect(field).toHaveValue("");
    expect(document.documentElement.outerHTML).not.toContain("hush-hush");
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(within(dialog).getByRole("button", { name: "Open client" }));
    expect(router.rest).toEqual(["c1"]);
  });

  test("says that a text is none of ours, and with how many it was compared", async () => {
    openWindow(["clients", "which"]);
    await userEvent.type(await screen.findByLabelText(/A secret, or text/), "something else{Enter}");
    expect(await screen.findByText("Not ours.")).toBeVisible();
    expect(screen.getByText(/none of the 7 secret versions/)).toBeVisible();
  });

  test("tells file and line of what a folder has in it, and what was left out", async () => {
    const { asked } = openWindow(["clients", "which"]);
    await userEvent.click(await screen.findByRole("button", { name: "Folder…" }));
    expect(await screen.findByText("/srv/site/.env:4")).toBeVisible();
    expect(screen.getByText(/1 file is not text/)).toBeVisible();
    expect(asked("secret_search_start")).toEqual([{ paths: ["/srv/site"] }]);
    expect(await axeFindings()).toEqual([]);
  });
});

test("a search that ends before its start was answered is not left running", async () => {
  openWindow(["clients", "which"], { secret_search_start: ({ paths }) => ({ ...ended, paths, standing: "running", matches: [] }) });
  await userEvent.click(await screen.findByRole("button", { name: "Folder…" }));
  expect(await screen.findByText("/srv/site/.env:4")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Stop" })).not.toBeInTheDocument();
});

describe("an import", () => {
  test("shows what would be added before anything is, and takes what was chosen", async () => {
    const { asked } = openWindow(["clients", "import"]);
    const dialog = await screen.findByRole("dialog", { name: "Import clients" });
    await userEvent.type(within(dialog).getByLabelText(/File or folder/), "/srv/environment.json");
    await userEvent.click(within(dialog).getByRole("button", { name: "Look" }));
    expect(await within(dialog).findByRole("checkbox", { name: "Guild bot" })).toBeChecked();
    expect(within(dialog).getByRole("checkbox", { name: "Half a client" })).toBeDisabled();
    expect(within(dialog).getByText("A client needs a redirect URI.")).toBeVisible();
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(within(dialog).getByRole("radio", { name: "Mine" }));
    await userEvent.click(within(dialog).getByRole("button", { name: "Import 1 client" }));
    await waitFor(() => expect(asked("import_take")).toEqual([{ look: "look-1", clients: [0], ownership: "owned" }]));
    await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
    await waitFor(() => expect(asked("import_undo")).toEqual([{ import: "i1" }]));
  });

  test("asks for the passphrase of an encrypted file and says when it is the wrong one", async () => {
    openWindow(["clients", "import"], {
      import_look: ({ key }) => {
        if (key === null) return { ...preview, look: "", wanted: "passphrase", clients: [], isSomebodyElses: true };
        if (key.data !== "right") fail({ code: "invalid", message: "This is not the passphrase the file was encrypted with.", field: "passphrase" });
        return { ...preview, isSomebodyElses: true };
      },
    });
    await userEvent.type(await screen.findByLabelText(/File or folder/), "/srv/clients.age{Enter}");
    await userEvent.type(await screen.findByLabelText(/Passphrase/), "wrong");
    await userEvent.click(screen.getByRole("button", { name: "Open" }));
    expect(await screen.findByText(/This is not the passphrase/)).toBeVisible();
    await userEvent.clear(screen.getByLabelText(/Passphrase/));
    await userEvent.type(screen.getByLabelText(/Passphrase/), "right");
    await userEvent.click(screen.getByRole("button", { name: "Open" }));
    expect(await screen.findByText("They will be shared with you.")).toBeVisible();
    expect(screen.queryByLabelText(/Passphrase/)).not.toBeInTheDocument();
  });
});

describe("an export", () => {
  test("with secrets waits for two equal passphrases and a yes", async () => {
    const { asked } = openWindow(["clients", "export"]);
    await userEvent.click(await screen.findByRole("radio", { name: "With secrets, encrypted" }));
    await userEvent.type(screen.getByLabelText(/^File/), "/srv/clients.age");
    await userEvent.type(screen.getByLabelText(/^Passphrase(?! again)/), "correct horse battery");
    await userEvent.type(screen.getByLabelText(/Passphrase again/), "correct horse batery");
    expect(screen.getByText("The two are not the same.")).toBeVisible();
    await userEvent.type(screen.getByLabelText(/Passphrase again/), "{Backspace}{Backspace}{Backspace}tery");
    const button = screen.getByRole("button", { name: "Export" });
    expect(button).toBeDisabled();
    await userEvent.click(screen.getByRole("checkbox", { name: "The secrets may leave this computer" }));
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(button);
    expect(await screen.findByText(/1 client written, 1 secret encrypted/)).toBeVisible();
    expect(asked("clients_export_sealed")).toEqual([
      { clients: [], file: "/srv/clients.age", lock: { kind: "passphrase", data: "correct horse battery" }, confirmed: true },
    ]);
  });
});

describe("backup and restore", () => {
  test("are confirmed one by one, and a restore waits for the next start", async () => {
    const { asked } = openWindow(["settings"]);
    await userEvent.click(await screen.findByRole("button", { name: "Make a backup…" }));
    await userEvent.click(await screen.findByRole("button", { name: "Choose…" }));
    await userEvent.type(screen.getByLabelText(/^Passphrase(?! again)/), "correct horse battery");
    await userEvent.type(screen.getByLabelText(/Passphrase again/), "correct horse battery");
    await userEvent.click(screen.getByRole("checkbox", { name: "The secrets may leave the keyring" }));
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Make the backup" }));
    expect(await screen.findByText(/6 clients and 8 keyring items are in the backup/)).toBeVisible();

    await userEvent.click(screen.getByRole("button", { name: "Restore a backup…" }));
    await screen.findByRole("dialog", { name: "Restore a backup" });
    await userEvent.type(screen.getByRole("textbox", { name: /^Backup/ }), "/srv/backup.age");
    await userEvent.type(screen.getByLabelText(/Passphrase/), "correct horse battery");
    expect(screen.getByRole("button", { name: "Restore" })).toBeDisabled();
    await userEvent.click(screen.getByRole("checkbox", { name: /may take the place/ }));
    await userEvent.click(screen.getByRole("button", { name: "Restore" }));
    expect(await screen.findByText(/is ready: 6 clients, 12 runs/)).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Start again now" }));
    await waitFor(() => expect(asked("restart")).toHaveLength(1));
  });
});
