import { emit } from "@tauri-apps/api/event";
import { screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import { router } from "$frame/router.svelte";
import type { BackupProgress, BackupReady } from "$ipc/gen/handover";
import { EVENT_NAME } from "$ipc/events";
import { fail } from "../../dev/backend";
import { ended, preview, readyBackup } from "../../dev/sample-handover";
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

/** Fills in what a backup needs in the open dialog, and makes it. */
async function makeBackup() {
  await userEvent.click(await screen.findByRole("button", { name: "Choose…" }));
  await userEvent.type(screen.getByLabelText(/^Passphrase(?! again)/), "correct horse battery");
  await userEvent.type(screen.getByLabelText(/Passphrase again/), "correct horse battery");
  await userEvent.click(screen.getByRole("checkbox", { name: "The secrets may leave the keyring" }));
  await userEvent.click(screen.getByRole("button", { name: "Make the backup" }));
}

/** What is under way, 12.5 of 310 MB of it. */
const underWay = (work: BackupProgress["work"]): BackupProgress => ({ work, done: 12.5, total: 310 });

/** Opens the dialog, fills in what a restore needs, and begins it. */
async function restoreBackup() {
  await userEvent.click(await screen.findByRole("button", { name: "Restore a backup…" }));
  await screen.findByRole("dialog", { name: "Restore a backup" });
  await userEvent.type(screen.getByRole("textbox", { name: /^Backup/ }), "/srv/backup.age");
  await userEvent.type(screen.getByLabelText(/Passphrase/), "correct horse battery");
  await userEvent.click(screen.getByRole("checkbox", { name: /may take the place/ }));
  await userEvent.click(screen.getByRole("button", { name: "Restore" }));
}

describe("backup and restore", () => {
  test("are confirmed one by one, and a restore waits for the next start", async () => {
    let ready: BackupReady | null = null;
    const { asked } = openWindow(["settings"], { backup_restore: () => (ready = readyBackup), backup_state: () => ({ underWay: null, ready }) });
    await userEvent.click(await screen.findByRole("button", { name: "Make a backup…" }));
    await userEvent.click(await screen.findByRole("button", { name: "Choose…" }));
    await userEvent.type(screen.getByLabelText(/^Passphrase(?! again)/), "correct horse battery");
    await userEvent.type(screen.getByLabelText(/Passphrase again/), "correct horse battery");
    await userEvent.click(screen.getByRole("checkbox", { name: "The secrets may leave the keyring" }));
    expect(screen.getByRole("checkbox", { name: "With the pictures of login pages" })).toBeChecked();
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Make the backup" }));
    expect(await screen.findByText(/6 clients and 8 keyring items are in the backup/)).toBeVisible();
    expect(asked("backup_make")).toMatchObject([{ withPictures: true }]);
    expect(screen.getByText(/14 pictures, 1.2 MB/)).toBeVisible();
    expect(screen.getByText("The walk plan notes.toml is not in the backup: it is not text.")).toBeVisible();

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

  test("tells how far it is, and can be stopped", async () => {
    const { asked } = openWindow(["settings", "backup"], {
      backup_make: () => new Promise(() => undefined),
      backup_state: () => ({ underWay: underWay("making"), ready: null }),
    });
    await makeBackup();
    expect(await screen.findByText("12.5 of 310.0 MB")).toBeVisible();
    expect(within(screen.getByRole("dialog")).getByRole("status")).toHaveTextContent(/^It has begun. Escape stops it.$/);
    await userEvent.click(screen.getByRole("button", { name: "Stop" }));
    expect(await screen.findByRole("button", { name: "Stopping…" })).toBeDisabled();
    await userEvent.click(screen.getByRole("button", { name: "Close" }));
    expect(asked("backup_stop")).toHaveLength(1);
  });

  test("takes the pictures along even while nobody knows how many there are, and says why", async () => {
    const { asked } = openWindow(["settings", "backup"], {
      evidence_stock: () => fail({ code: "internal", message: "The pictures could not be counted.", hint: "Try again." }),
    });
    expect(await screen.findByText("The pictures could not be counted.")).toBeVisible();
    expect(screen.queryByText(/There are none/)).not.toBeInTheDocument();
    await makeBackup();
    await waitFor(() => expect(asked("backup_make")).toMatchObject([{ withPictures: true }]));
  });

  test("says that there are no pictures only where there are none", async () => {
    openWindow(["settings", "backup"], { evidence_stock: () => ({ pictures: 0, megabytes: 0, going: 0, nextAt: null }) });
    const box = await screen.findByRole("checkbox", { name: "With the pictures of login pages" });
    await waitFor(() => expect(box).toBeDisabled());
    expect(box).toHaveAccessibleDescription("There are none.");
  });

  test("speaks of a backup that is ready for as long as it is, whatever was said to another restore", async () => {
    let ready: BackupReady | null = null;
    let times = 0;
    openWindow(["settings"], {
      backup_state: () => ({ underWay: null, ready }),
      backup_restore: () => {
        times += 1;
        if (times === 1) return (ready = readyBackup);
        if (times === 2) return fail({ code: "keyring_absent", message: "There is no keyring to use." });
        ready = null;
        return fail({ code: "invalid", message: "The passphrase does not open it.", field: "passphrase" });
      },
    });
    await restoreBackup();
    expect(await screen.findByText(/is ready: 6 clients, 12 runs/)).toBeVisible();
    router.go("clients");
    await screen.findByRole("heading", { name: "Clients" });
    router.go("settings");
    expect(await screen.findByText(/is ready: 6 clients, 12 runs/)).toBeVisible();
    await restoreBackup();
    expect(await screen.findByText("There is no keyring to use.")).toBeVisible();
    expect(screen.getByText(/is ready: 6 clients, 12 runs/)).toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Restore" }));
    expect(await screen.findByText("The passphrase does not open it.")).toBeVisible();
    await waitFor(() => expect(screen.queryByText(/is ready: 6 clients, 12 runs/)).not.toBeInTheDocument());
  });

  test("says beside a second restore that it is refused, and goes on showing the first one with a way to stop it", async () => {
    let first: BackupProgress | null = underWay("restoring");
    const { asked } = openWindow(["settings"], {
      backup_state: () => ({ underWay: first, ready: null }),
      backup_restore: () => fail({ code: "in_use", message: "A backup or a restore is under way already." }),
      backup_stop: () => {
        first = null;
        return { underWay: null, ready: null };
      },
    });
    expect(await screen.findByText("A backup is being restored.")).toBeVisible();
    expect(screen.getByText("12.5 of 310.0 MB")).toBeVisible();
    await restoreBackup();
    const dialog = screen.getByRole("dialog", { name: "Restore a backup" });
    expect(await within(dialog).findByText("A backup or a restore is under way already.")).toBeVisible();
    expect(await within(dialog).findByText("12.5 of 310.0 MB")).toBeVisible();
    expect(within(dialog).getByText("A backup is being restored.")).toHaveAttribute("role", "status");
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(within(dialog).getByRole("button", { name: "Stop" }));
    expect(asked("backup_stop")).toHaveLength(1);
    await emit(EVENT_NAME, { kind: "backupChanged" });
    await waitFor(() => expect(within(dialog).queryByText("12.5 of 310.0 MB")).not.toBeInTheDocument());
    expect(within(dialog).getByRole("button", { name: "Cancel" })).toBeEnabled();
  });
});
