import { screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import { router } from "$frame/router.svelte";
import { fail } from "../../dev/backend";
import { providers } from "../../dev/sample-app";
import { profileText, providerDetail } from "../../dev/sample-providers";
import { axeFindings } from "../../tests/axe";
import { openWindow } from "../../tests/window";

const [chattr] = providers as [(typeof providers)[0]];
const editor = () => screen.findByRole("textbox", { name: "Profile as TOML" });

describe("the list of providers", () => {
  test("holds those from the start and the user's own, and opens one, without findings by axe", async () => {
    openWindow(["providers"]);
    const fromStart = await screen.findByRole("list", { name: "From the start" });
    expect(within(fromStart).getAllByRole("listitem")).toHaveLength(5);
    expect(within(fromStart).getByRole("link", { name: /Gitter.*historic/ })).toBeVisible();
    expect(within(screen.getByRole("list", { name: "Your own" })).getByRole("link", { name: /Staging SSO/ })).toBeVisible();
    await userEvent.click(within(fromStart).getByRole("link", { name: /Chattz/ }));
    expect(await screen.findByRole("heading", { name: "Chattz" })).toBeVisible();
    expect(document.title).toBe("Providers · Gatewright");
    expect(await axeFindings()).toEqual([]);
  });

  test("says so where a provider is gone", async () => {
    openWindow(["providers", "gone"], { provider_show: () => fail({ code: "not_found", message: "There is no provider “gone”." }) });
    expect(await screen.findByText("There is no provider “gone”.")).toBeVisible();
  });
});

describe("what a profile says", () => {
  test("shows each statement with its mark, place and note", async () => {
    openWindow(["providers", "chattr"]);
    const line = (await screen.findByText("response_type")).closest("li")!;
    expect(line).toHaveTextContent(/not sent.*RFC 6749 §4\.1\.1 requires it.*Step 1 sample URL.*documented/s);
  });

  test("counts the marks and is narrowed to one of them", async () => {
    openWindow(["providers", "chattr"]);
    expect(await screen.findByRole("img", { name: "Statements: documented 6, observed 1, unknown 2" })).toBeInTheDocument();
    await userEvent.click(screen.getByRole("radio", { name: /unknown 2/ }));
    const statements = screen.getByRole("region", { name: "Statements" });
    expect(within(statements).getByText("PKCE challenge (S256)")).toBeVisible();
    expect(within(statements).queryByText("response_type")).not.toBeInTheDocument();
    expect(within(statements).queryByRole("heading", { name: "Endpoints" })).not.toBeInTheDocument();
    expect(within(statements).getByText(/Nobody has said or seen it/)).toBeVisible();
  });

  test("names the hosts in the network at hand that are allowed, and withdraws one, without findings by axe", async () => {
    const nearbyHosts = [{ host: "sso.corp.example", confirmedAt: "2025-10-12T08:00:00Z" }];
    const { asked } = openWindow(["providers", "chattr"], { provider_show: () => providerDetail(chattr, { nearbyHosts }) });
    const hosts = within(await screen.findByRole("list", { name: "Hosts in your network" }));
    expect(hosts.getByText("sso.corp.example")).toBeVisible();
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(hosts.getByRole("button", { name: "Withdraw sso.corp.example" }));
    expect(asked("nearby_host_withdraw")).toEqual([{ provider: "chattr", host: "sso.corp.example" }]);
    await waitFor(() => expect(screen.queryByRole("list", { name: "Hosts in your network" })).not.toBeInTheDocument());
  });

  test("gives both base URLs to copy", async () => {
    const user = userEvent.setup();
    openWindow(["providers", "chattz"]);
    await user.click(await screen.findByRole("button", { name: "Copy the real base URL" }));
    expect(await navigator.clipboard.readText()).toBe("https://chattz.example");
    await user.click(screen.getByRole("button", { name: "Copy the twin's base URL" }));
    expect(await navigator.clipboard.readText()).toBe("http://127.0.0.1:40123/chattz");
  });
});

describe("a base URL", () => {
  test("that is only a stand-in is filled in, and a bad one is refused beside its field", async () => {
    const { asked } = openWindow(["providers", "chattr"], {
      provider_set_base_url: ({ baseUrl }) =>
        baseUrl.startsWith("https") ? providerDetail({ ...chattr, baseUrl, placeholder: false }) : fail({ code: "invalid", message: "This is no base URL.", hint: "Write scheme and host.", field: "baseUrl" }),
    });
    const field = await screen.findByRole("textbox", { name: "Base URL of your server" });
    await userEvent.type(field, "chat");
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(field).toHaveAccessibleDescription(/This is no base URL.*Write scheme and host/));
    expect(field).toBeInvalid();
    await userEvent.clear(field);
    await userEvent.type(field, " https://chat.test ");
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("Logins at Chattr go to https://chat.test.")).toBeVisible();
    expect(asked("provider_set_base_url").at(-1)).toEqual({ provider: "chattr", baseUrl: "https://chat.test" });
  });

  test("of another provider is changed and set back", async () => {
    const { asked } = openWindow(["providers", "contentdb"]);
    await userEvent.click(await screen.findByRole("button", { name: "Change the real base URL" }));
    expect(screen.getByRole("textbox", { name: "Base URL of your server" })).toHaveValue("https://contentdb.example");
    await userEvent.click(screen.getByRole("button", { name: "Back to the profile's own" }));
    await waitFor(() => expect(asked("provider_set_base_url")).toEqual([{ provider: "contentdb", baseUrl: "" }]));
    expect(screen.queryByRole("textbox")).not.toBeInTheDocument();
  });
});

describe("a profile of one's own", () => {
  test("starts from another under an id of its own, is judged as typed and kept", async () => {
    const { asked } = openWindow(["providers", "chattz"]);
    await userEvent.click(await screen.findByRole("button", { name: "New provider from this one" }));
    const area = await editor();
    expect(area).toHaveValue(profileText("my-chattz", "My Chattz"));
    const save = screen.getByRole("button", { name: "Save" });
    await waitFor(() => expect(save).toBeEnabled());
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(save);
    await waitFor(() => expect(asked("provider_save")).toEqual([{ text: profileText("my-chattz", "My Chattz") }]));
    await waitFor(() => expect(router.rest).toEqual(["my-chattz"]));
  });

  test("with a mistake cannot be kept, and choosing the mistake leads to its line", async () => {
    openWindow(["providers", "sso.example.org", "edit"]);
    const area = (await editor()) as HTMLTextAreaElement;
    const start = area.value.indexOf('mark = "documented"');
    area.setSelectionRange(start + 8, start + 18);
    await userEvent.type(area, "maybe", { initialSelectionStart: start + 8, initialSelectionEnd: start + 18 });
    const mistake = await screen.findByRole("button", { name: /Line 11 endpoints\.token\.mark.*expected documented, observed or unknown/ });
    expect(screen.getByRole("button", { name: "Save" })).toBeDisabled();
    expect(area).toBeInvalid();
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(mistake);
    await waitFor(() => expect(area).toHaveFocus());
    expect(area.value.slice(area.selectionStart, area.selectionEnd)).toBe('mark = "maybe"');
    await userEvent.click(screen.getByRole("button", { name: "Cancel" }));
    await userEvent.click(await screen.findByRole("button", { name: "Throw away" }));
    await waitFor(() => expect(router.rest).toEqual(["sso.example.org"]));
  });

  test("keeps what was typed while another screen is looked at", async () => {
    openWindow(["providers", "sso.example.org", "edit"]);
    await userEvent.type(await editor(), "# half{Enter}", { initialSelectionStart: 0, initialSelectionEnd: 0 });
    router.go("providers");
    await screen.findByRole("list", { name: "Your own" });
    router.go("providers", "sso.example.org", "edit");
    const again = (await editor()) as HTMLTextAreaElement;
    expect(again.value).toMatch(/^# half/);
    const end = again.value.indexOf("sso.example.org") + "sso.example.org".length;
    await userEvent.type(again, "2", { initialSelectionStart: end, initialSelectionEnd: end });
    expect(await screen.findByText("A new id makes a second profile.")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Cancel" }));
    await userEvent.click(await screen.findByRole("button", { name: "Throw away" }));
  });

  test("is deleted after a yes", async () => {
    const { asked } = openWindow(["providers", "sso.example.org"]);
    await userEvent.click(await screen.findByRole("button", { name: "More for this provider" }));
    await userEvent.click(await screen.findByRole("menuitem", { name: "Delete …" }));
    const question = await screen.findByRole("alertdialog", { name: "Delete the profile “Staging SSO”?" });
    expect(asked("provider_delete")).toEqual([]);
    await userEvent.click(within(question).getByRole("button", { name: "Delete" }));
    await waitFor(() => expect(router.rest).toEqual([]));
    expect(asked("provider_delete")).toEqual([{ provider: "sso.example.org" }]);
  });

  test("that clients use stays, and the question says why", async () => {
    openWindow(["providers", "sso.example.org"], {
      provider_delete: () => fail({ code: "in_use", message: "1 of your clients is registered at Staging SSO.", hint: "Delete that client first." }),
    });
    await userEvent.click(await screen.findByRole("button", { name: "More for this provider" }));
    await userEvent.click(await screen.findByRole("menuitem", { name: "Delete …" }));
    await userEvent.click(await screen.findByRole("button", { name: "Delete" }));
    const question = screen.getByRole("alertdialog");
    expect(await within(question).findByText(/1 of your clients is registered/)).toBeVisible();
    expect(within(question).getByText("Delete that client first.")).toBeVisible();
  });

  test("comes with no buttons to change or delete where it is built in", async () => {
    openWindow(["providers", "chattr"]);
    await screen.findByRole("heading", { name: "Chattr" });
    expect(screen.queryByRole("button", { name: "Edit" })).not.toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "More for this provider" })).not.toBeInTheDocument();
  });
});
