import { screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, test, vi } from "vitest";
import { router } from "$frame/router.svelte";
import { fail } from "../../dev/backend";
import { clientDetail, clientRow, clientRows, usualProtocol } from "../../dev/sample-clients";
import { axeFindings } from "../../tests/axe";
import { openWindow } from "../../tests/window";

const [website] = clientRows as [(typeof clientRows)[0]];
const row = (name: RegExp) => screen.findByRole("row", { name });

describe("the list of clients", () => {
  test("opens a client by keyboard and shows everything about it, without findings by axe", async () => {
    openWindow(["clients"]);
    (await row(/My Website Login/)).focus();
    await userEvent.keyboard("{Enter}");
    expect(await screen.findByRole("heading", { name: "My Website Login" })).toBeVisible();
    expect(screen.getByText("https://example.com/chattz-callback")).toBeVisible();
    expect(document.title).toBe("Clients · Gatewright");
    expect(await axeFindings()).toEqual([]);
  });

  test("sends what was typed as a search with its narrowing words", async () => {
    const { asked } = openWindow(["clients"]);
    await row(/My Website Login/);
    await userEvent.keyboard("/");
    expect(screen.getByRole("searchbox", { name: "Search clients" })).toHaveFocus();
    await userEvent.keyboard("forum provider:cont env:sandbox");
    await waitFor(() => expect(asked("client_list").at(-1)).toMatchObject({ search: "forum", provider: "contentdb", environment: "sandbox" }));
    await waitFor(() => expect(screen.queryByRole("row", { name: /My Website Login/ })).not.toBeInTheDocument());
    expect(await row(/Forum login/)).toBeVisible();
  });

  test("fetches only the pages in sight of ten thousand clients", async () => {
    const { asked } = openWindow(["clients"], {
      client_list: ({ offset, limit }) => ({
        rows: Array.from({ length: limit }, (_, index) => ({ ...website, id: `c${offset + index}`, name: `Client ${offset + index}` })),
        total: 10_000,
        owned: 10_000,
        shared: 0,
        tags: [],
      }),
    });
    expect(await row(/Client 0 /)).toBeVisible();
    expect(screen.getByRole("grid")).toHaveAttribute("aria-rowcount", "10001");
    expect(asked("client_list")).toHaveLength(1);
  });

  test("says of a secret that it is due and that its provider refuses it, not by colour alone", async () => {
    const refused = { standing: "refused" as const, at: new Date(Date.now() - 3 * 3_600_000).toISOString() };
    openWindow(["clients"], {
      client_list: () => ({
        rows: [
          clientRow({ id: "c1", name: "Guild bot", secretAgeDays: 97, secretUrgency: "due" }),
          clientRow({ id: "c2", name: "Lock dashboard", secretProof: refused }),
        ],
        total: 2,
        owned: 2,
        shared: 0,
        tags: [],
      }),
    });
    expect(within(await row(/Guild bot/)).getByTitle("Version 1, 97 days old; due for rotation")).toHaveTextContent("v1 · 97 d");
    const chip = within(await row(/Lock dashboard/)).getByTitle("Version 1, 3 days old; refused by the provider (3 h)");
    expect(chip).toHaveTextContent("v1 · refused");
  });

  test("asks for the first client where there is none", async () => {
    openWindow(["clients"], { client_list: () => ({ rows: [], total: 0, owned: 0, shared: 0, tags: [] }) });
    await userEvent.click(await screen.findByRole("button", { name: "Make the first client" }));
    expect(await screen.findByRole("dialog", { name: "New client" })).toBeVisible();
  });
});

describe("a new client", () => {
  test("is registered at the sandbox twin with the name and address typed", async () => {
    const { asked } = openWindow(["clients", "new"]);
    const dialog = await screen.findByRole("dialog", { name: "New client" });
    await within(dialog).findByRole("option", { name: "ContentDB" });
    await userEvent.selectOptions(within(dialog).getByRole("combobox", { name: "Provider" }), "ContentDB");
    await userEvent.type(within(dialog).getByRole("textbox", { name: "Name" }), "Forum login");
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(within(dialog).getByRole("button", { name: "Register" }));
    await waitFor(() => expect(router.rest).toEqual(["c9"]));
    expect(asked("client_register")).toEqual([
      { provider: "contentdb", name: "Forum login", redirectUris: ["http://127.0.0.1:8914/cb/contentdb"], registerAs: "olivia", tag: "", notes: "" },
    ]);
  });

  test("that exists already is entered with its ID and secret", async () => {
    const { asked } = openWindow(["clients", "new"]);
    await userEvent.click(await screen.findByRole("radio", { name: "Enter an existing client" }));
    await userEvent.type(screen.getByRole("textbox", { name: "Name" }), "Website");
    await userEvent.type(screen.getByRole("textbox", { name: "Client ID" }), "42");
    await userEvent.type(screen.getByLabelText(/Client secret/), "hush");
    await userEvent.click(screen.getByRole("radio", { name: "The real provider" }));
    await userEvent.click(screen.getByRole("button", { name: "Keep" }));
    await waitFor(() => expect(asked("client_enter")).toHaveLength(1));
    expect(asked("client_enter")[0]).toMatchObject({ clientId: "42", secret: "hush", environment: "production", ownership: "owned" });
  });

  test("hears from the backend, beside the field, what is wrong with it, and takes the suggested value with one click", async () => {
    openWindow(["clients", "new"], {
      client_check: ({ redirectUris }) => ({
        findings: redirectUris[0]?.endsWith("/") ? [] : [{ field: "redirectUris.0", error: false, code: "no_slash", message: "Other tools add a slash here.", hint: null, fix: "http://127.0.0.1:7171/" }],
        acceptable: true,
      }),
    });
    const field = await screen.findByRole("textbox", { name: "Redirect URI" });
    await userEvent.type(field, "x");
    expect(await screen.findByText("Other tools add a slash here.")).toBeVisible();
    expect(field).toHaveAccessibleDescription(/warning: ?Other tools add a slash here/);
    await userEvent.click(screen.getByRole("button", { name: "Use http://127.0.0.1:7171/" }));
    expect(field).toHaveValue("http://127.0.0.1:7171/");
    await waitFor(() => expect(screen.queryByText("Other tools add a slash here.")).not.toBeInTheDocument());
  });

  test("that the twin refuses stays in the form, with the reason at its field", async () => {
    openWindow(["clients", "new"], {
      client_check: () => ({ findings: [], acceptable: true }),
      client_register: () => fail({ code: "refused", message: "Nina's phone number is not verified.", field: "registerAs" }),
    });
    await userEvent.click(await screen.findByRole("button", { name: "Register" }));
    expect(await screen.findByText("Nina's phone number is not verified.")).toBeVisible();
    expect(screen.getByRole("combobox", { name: "Registered by" })).toHaveAccessibleDescription(/not verified/);
  });
});

describe("a client", () => {
  test("is edited through a form that holds its fields", async () => {
    const { asked } = openWindow(["clients", "c1"]);
    await userEvent.click(await screen.findByRole("button", { name: "Edit" }));
    const name = await screen.findByRole("textbox", { name: "Name" });
    expect(name).toHaveValue("My Website Login");
    await userEvent.clear(name);
    await userEvent.type(name, "Website");
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(asked("client_change")).toHaveLength(1));
    expect(asked("client_change")[0]).toMatchObject({ client: "c1", name: "Website", clientId: "abc123" });
  });

  describe("that is asked for more than its provider's profile says", () => {
    const openProtocol = async (answers: Parameters<typeof openWindow>[1] = {}) => {
      const window = openWindow(["clients", "c3"], answers);
      await userEvent.click(await screen.findByRole("button", { name: "Edit" }));
      const dialog = within(await screen.findByRole("dialog", { name: "Edit “Lock dashboard”" }));
      const summary = await dialog.findByText("Protocol");
      return { ...window, dialog, summary, details: summary.closest("details")! };
    };

    test("keeps what was filled in under Protocol, without findings by axe", async () => {
      const { asked, dialog, summary, details } = await openProtocol();
      expect(details.open).toBe(false);
      await userEvent.click(summary);
      await userEvent.selectOptions(dialog.getByRole("combobox", { name: /^Client authentication/ }), "private_key_jwt");
      await userEvent.selectOptions(await dialog.findByRole("combobox", { name: /^Assertion algorithm/ }), "ES256");
      await userEvent.selectOptions(dialog.getByRole("combobox", { name: /^ID token algorithm/ }), "PS256");
      await userEvent.type(dialog.getByRole("textbox", { name: /^Trusted audiences/ }), "https://api.example{Enter}other");
      await userEvent.selectOptions(dialog.getByRole("combobox", { name: /^Response mode/ }), "form_post");
      await userEvent.type(dialog.getByRole("textbox", { name: /^login_hint/ }), "ada@example.org");
      await userEvent.selectOptions(dialog.getByRole("combobox", { name: /^prompt/ }), "login");
      await userEvent.type(dialog.getByRole("textbox", { name: /^max_age/ }), "300");
      await userEvent.type(dialog.getByRole("textbox", { name: /^acr_values/ }), "gold silver");
      await userEvent.click(dialog.getByRole("checkbox", { name: "Refuse a login that met none of them" }));
      await userEvent.type(dialog.getByRole("textbox", { name: /^Post-logout redirect URI/ }), "https://example.com/bye");
      await userEvent.click(dialog.getByRole("button", { name: "Add a parameter to the token request" }));
      await userEvent.click(dialog.getByRole("button", { name: "Add a parameter to the token request" }));
      await userEvent.click(dialog.getByRole("button", { name: "Remove parameter 2 of the token request" }));
      const parameters = within(dialog.getByRole("group", { name: "Parameters of the token request" }));
      await userEvent.type(parameters.getByRole("textbox", { name: "Name 1" }), "resource");
      await userEvent.type(parameters.getByRole("textbox", { name: /^Value 1/ }), "urn:x");
      expect(await axeFindings()).toEqual([]);
      await userEvent.click(dialog.getByRole("button", { name: "Save" }));
      await waitFor(() => expect(asked("client_change")).toHaveLength(1));
      expect(asked("client_change")[0]).toMatchObject({
        protocol: {
          ...usualProtocol,
          clientAuthentication: "private_key_jwt",
          assertionSigningAlg: "ES256",
          idTokenSignedResponseAlg: "PS256",
          trustedAudiences: ["https://api.example", "other"],
          responseMode: "form_post",
          loginHint: "ada@example.org",
          prompt: ["login"],
          maxAge: 300,
          acrValues: ["gold", "silver"],
          acrEssential: true,
          postLogoutRedirectUri: "https://example.com/bye",
          tokenParameters: [{ name: "resource", value: "urn:x" }],
        },
      });
    });

    test("is not kept with a max_age that is no number", async () => {
      const { asked, dialog, summary, details } = await openProtocol();
      await userEvent.click(summary);
      const field = dialog.getByRole("textbox", { name: /^max_age/ });
      await userEvent.type(field, "soon");
      expect(field).toHaveAccessibleDescription(/Write a whole number of seconds/);
      details.open = false;
      await userEvent.click(dialog.getByRole("button", { name: "Save" }));
      await waitFor(() => expect(details.open).toBe(true));
      expect(asked("client_change")).toEqual([]);
    });

    test("shows a refusal beside the parameter it is about, unfolded", async () => {
      const { dialog, details } = await openProtocol({
        client_show: ({ client }) =>
          clientDetail(clientRows.find(({ id }) => id === client)!, { protocol: { ...usualProtocol, tokenParameters: [{ name: "code", value: "" }] } }),
        client_change: () => fail({ code: "invalid", message: "Gatewright itself sends “code”.", hint: "Choose another name.", field: "protocol.tokenParameters.0" }),
      });
      details.open = false;
      await userEvent.click(dialog.getByRole("button", { name: "Save" }));
      await waitFor(() => expect(details.open).toBe(true));
      expect(dialog.getByRole("textbox", { name: "Name 1" })).toHaveAccessibleDescription(/Gatewright itself sends “code”.*Choose another name/);
    });
  });

  test("shared with me offers only tag and notes to edit", async () => {
    openWindow(["clients", "c6"]);
    await userEvent.click(await screen.findByRole("button", { name: "Edit" }));
    expect(await screen.findByRole("textbox", { name: /Tag/ })).toBeVisible();
    expect(screen.queryByRole("textbox", { name: "Name" })).not.toBeInTheDocument();
  });

  test("at a real provider is duplicated into a form that waits for the new ID and secret", async () => {
    const { asked } = openWindow(["clients", "c1"]);
    await userEvent.click(await screen.findByRole("button", { name: "More for this client" }));
    await userEvent.click(await screen.findByRole("menuitem", { name: "Duplicate" }));
    const dialog = await screen.findByRole("dialog", { name: "New client like “My Website Login”" });
    expect(within(dialog).getByRole("textbox", { name: "Name" })).toHaveValue("My Website Login");
    expect(within(dialog).getByRole("textbox", { name: "Client ID" })).toHaveValue("");
    expect(within(dialog).getByRole("textbox", { name: "Redirect URI 1" })).toHaveValue("https://example.com/chattz-callback");
    expect(asked("client_duplicate")).toEqual([]);
  });

  test("at a twin is duplicated in one step", async () => {
    const { asked } = openWindow(["clients", "c4"]);
    await userEvent.click(await screen.findByRole("button", { name: "More for this client" }));
    await userEvent.click(await screen.findByRole("menuitem", { name: "Duplicate" }));
    await waitFor(() => expect(router.rest).toEqual(["c9"]));
    expect(asked("client_duplicate")).toEqual([{ client: "c4" }]);
  });

  test("is deleted and comes back by undo", async () => {
    const { asked } = openWindow(["clients", "c1"]);
    await userEvent.click(await screen.findByRole("button", { name: "More for this client" }));
    await userEvent.click(await screen.findByRole("menuitem", { name: "Delete" }));
    expect(await screen.findByText("Deleted “My Website Login”.")).toBeVisible();
    expect(router.rest).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Undo" }));
    await waitFor(() => expect(asked("client_restore")).toEqual([{ client: "c1" }]));
    await waitFor(() => expect(router.rest).toEqual(["c1"]));
  });

  test("that cannot log in says why and offers what helps", async () => {
    openWindow(["clients", "c5"], {
      client_show: () => clientDetail(clientRows[4]!),
    });
    expect(await screen.findByText("This client has no secret here.")).toBeVisible();
    expect(screen.getByRole("button", { name: "Log in" })).toBeDisabled();
    await userEvent.click(screen.getByRole("button", { name: "Paste the secret" }));
    expect(await screen.findByRole("dialog", { name: "Paste the secret" })).toBeVisible();
  });

  test("that is gone is said to be gone", async () => {
    openWindow(["clients", "c404"], { client_show: () => fail({ code: "not_found", message: "This client is no longer here." }) });
    expect(await screen.findByText("This client is no longer here.")).toBeVisible();
  });
});

describe("a secret", () => {
  test("is shown only after a yes, for as long as the backend says, and nowhere after", async () => {
    const { asked } = openWindow(["clients", "c1"], { secret_reveal: () => ({ value: "s3cr3t-value", hideAfterMs: 600 }) });
    await userEvent.click(await screen.findByRole("button", { name: "Reveal client secret" }));
    await screen.findByRole("alertdialog", { name: /Show the secret/ });
    expect(asked("secret_reveal")).toHaveLength(0);
    await userEvent.click(screen.getByRole("button", { name: "Show it" }));
    expect(await screen.findByText("s3cr3t-value")).toBeVisible();
    await waitFor(() => expect(document.body.innerHTML).not.toContain("s3cr3t-value"), { timeout: 3000 });
  });

  test("goes from the screen when another client is opened", async () => {
    openWindow(["clients", "c1"]);
    await userEvent.click(await screen.findByRole("button", { name: "Reveal client secret" }));
    await userEvent.click(await screen.findByRole("button", { name: "Show it" }));
    expect(await screen.findByText("s3cr3t-value-9f2c")).toBeVisible();
    await userEvent.click(await row(/Guild bot/));
    await screen.findByRole("heading", { name: "Guild bot" });
    expect(document.body.innerHTML).not.toContain("s3cr3t-value-9f2c");
  });

  test("is copied without coming into the window", async () => {
    const write = vi.spyOn(navigator.clipboard, "writeText");
    const { asked } = openWindow(["clients", "c1"]);
    await userEvent.click(await screen.findByRole("button", { name: "Copy client secret" }));
    expect(await screen.findByText("It is cleared in 30 seconds.")).toBeVisible();
    expect(asked("secret_copy")).toEqual([{ client: "c1", confirmed: true }]);
    expect(write).not.toHaveBeenCalled();
  });
});
