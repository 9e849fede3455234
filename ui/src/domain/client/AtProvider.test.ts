import { screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import { fail, registrationState } from "../../../dev/backend";
import { clientRows } from "../../../dev/sample-clients";
import { axeFindings } from "../../../tests/axe";
import { openWindow } from "../../../tests/window";

const managed = clientRows.find(({ provider, ownership }) => provider === "chaster" && ownership === "owned")!;
const byHand = clientRows.find(({ provider, ownership }) => provider !== "chaster" && ownership === "owned")!;

async function openTab(client: string, answers: Parameters<typeof openWindow>[1] = {}) {
  const opened = openWindow(["clients", client], answers);
  await userEvent.click(await screen.findByRole("tab", { name: "At the provider" }));
  return opened;
}

describe("a client at its provider", () => {
  test("is compared with what is kept here and brought into line, without findings by axe", async () => {
    const { asked } = await openTab(managed.id);
    const row = await screen.findByRole("row", { name: /client_name/ });
    expect(within(row).getByText("Old name")).toBeVisible();
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Send ours" }));
    await waitFor(() => expect(asked("registration_push")).toEqual([{ client: managed.id }]));
  });

  test("says where it is managed, and copies the address", async () => {
    await openTab(managed.id);
    const copy = await screen.findByRole("button", { name: "Copy the address at which it is managed" });
    expect(screen.getByText("https://sso.chaster.app")).toBeVisible();
    const user = userEvent.setup();
    await user.click(copy);
    expect(await navigator.clipboard.readText()).toBe("https://sso.chaster.app");
  });

  test("is deleted there only after a question", async () => {
    const { asked } = await openTab(managed.id);
    await userEvent.click(await screen.findByRole("button", { name: "Delete at the provider" }));
    expect(asked("registration_delete")).toEqual([]);
    await userEvent.click(await screen.findByRole("button", { name: "Delete there" }));
    await waitFor(() => expect(asked("registration_delete")).toEqual([{ client: managed.id, confirmed: true }]));
  });

  test("gets its token at another place only when somebody says that it belongs to the provider, and then for everything", async () => {
    let agreed = false;
    const elsewhere = () => ({ ...registrationState(managed.id), needsAgreement: !agreed, place: "https://admin.example" });
    const { asked } = await openTab(managed.id, {
      registration_show: elsewhere,
      registration_read: () => {
        agreed = true;
        return elsewhere();
      },
    });
    const read = await screen.findByRole("button", { name: "Read back" });
    expect(read).toBeDisabled();
    expect(screen.getByRole("button", { name: "Delete at the provider" })).toBeDisabled();
    await userEvent.click(screen.getByRole("checkbox", { name: "https://admin.example belongs to the provider" }));
    await userEvent.click(read);
    await waitFor(() => expect(asked("registration_read")).toEqual([{ client: managed.id, agreedPlace: "https://admin.example" }]));
    await waitFor(() => expect(screen.getByRole("button", { name: "Delete at the provider" })).toBeEnabled());
    expect(screen.queryByRole("checkbox", { name: /belongs to the provider/ })).not.toBeInTheDocument();
    await userEvent.click(screen.getByRole("button", { name: "Send ours" }));
    await waitFor(() => expect(asked("registration_push")).toEqual([{ client: managed.id }]));
  });

  test("goes nowhere else any more once somebody withdraws what they agreed to", async () => {
    let agreed = true;
    const elsewhere = () => ({
      ...registrationState(managed.id),
      place: "https://admin.example",
      needsAgreement: !agreed,
      agreedPlace: agreed ? "https://admin.example" : null,
      agreedAt: agreed ? "2026-05-12T10:00:00Z" : null,
    });
    const { asked } = await openTab(managed.id, {
      registration_show: elsewhere,
      registration_withdraw: () => {
        agreed = false;
        return elsewhere();
      },
    });
    expect(await screen.findByText(/On 12 May 2026 you agreed that https:\/\/admin.example belongs to the provider/)).toBeVisible();
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Withdraw" }));
    await waitFor(() => expect(asked("registration_withdraw")).toEqual([{ client: managed.id }]));
    expect(await screen.findByRole("checkbox", { name: "https://admin.example belongs to the provider" })).not.toBeChecked();
    expect(screen.queryByRole("button", { name: "Withdraw" })).not.toBeInTheDocument();
    await waitFor(() => expect(screen.getByRole("checkbox", { name: /belongs to the provider/ })).toHaveFocus());
    expect(screen.getByText("Withdrawn: the registration access token goes there no more.")).toBeVisible();
  });

  test("asks again when it has moved to another place since somebody agreed to one", async () => {
    let place = "https://admin.example";
    const elsewhere = () => ({ ...registrationState(managed.id), needsAgreement: true, place });
    await openTab(managed.id, {
      registration_show: elsewhere,
      registration_read: () => {
        place = "https://other.example";
        return elsewhere();
      },
    });
    await userEvent.click(await screen.findByRole("checkbox", { name: "https://admin.example belongs to the provider" }));
    await userEvent.click(screen.getByRole("button", { name: "Read back" }));
    expect(await screen.findByRole("checkbox", { name: "https://other.example belongs to the provider" })).not.toBeChecked();
    expect(screen.getByRole("button", { name: "Read back" })).toBeDisabled();
  });

  test("does one thing at a time", async () => {
    await openTab(managed.id, { registration_read: () => new Promise(() => undefined) });
    await userEvent.click(await screen.findByRole("button", { name: "Read back" }));
    for (const name of ["Send ours", "Delete at the provider", "Ask"]) expect(screen.getByRole("button", { name })).toBeDisabled();
  });

  test("says what the provider said no to", async () => {
    await openTab(managed.id, { registration_read: () => fail({ code: "refused", message: "The provider said no: 401.", hint: "Its token may have been replaced." }) });
    await userEvent.click(await screen.findByRole("button", { name: "Read back" }));
    expect(await screen.findByText("The provider said no: 401.")).toBeVisible();
  });

  test("that was made by hand is changed on the provider's own page", async () => {
    const { asked } = await openTab(byHand.id);
    expect(await screen.findByText(/Settings, OAuth2 Applications/)).toBeVisible();
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Ask" }));
    await waitFor(() => expect(asked("secret_prove")).toEqual([{ client: byHand.id }]));
  });
});

describe("a new client", () => {
  const dialog = () => screen.findByRole("dialog", { name: "New client" });

  async function choose(provider: string, way: RegExp) {
    const opened = openWindow(["clients", "new"]);
    await within(await dialog()).findByRole("option", { name: provider });
    await userEvent.selectOptions(screen.getByRole("combobox", { name: "Provider" }), provider);
    const radio = await screen.findByRole("radio", { name: way });
    await waitFor(() => expect(radio).toBeEnabled());
    await userEvent.click(radio);
    return opened;
  }

  test("is registered at a provider that has an endpoint for it", async () => {
    const { asked } = await choose("Chaster", /Register at the provider/);
    await userEvent.type(screen.getByRole("textbox", { name: "Name" }), "Kitten locks");
    await userEvent.click(screen.getByRole("button", { name: "Register" }));
    await waitFor(() => expect(asked("registration_create")).toHaveLength(1));
    expect(asked("registration_create")[0]).toMatchObject({ provider: "chaster", environment: "sandbox", owner: "olivia", initialAccessToken: null });
  });

  test("is taken over with its address and token", async () => {
    const { asked } = await choose("Chaster", /Take over a registration/);
    await userEvent.type(screen.getByRole("textbox", { name: "Management address" }), "https://sso.chaster.app/reg/7");
    await userEvent.type(screen.getByLabelText(/Registration access token/), "hush");
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Take over" }));
    await waitFor(() => expect(asked("registration_import")).toHaveLength(1));
    expect(asked("registration_import")[0]).toMatchObject({ address: "https://sso.chaster.app/reg/7", token: "hush", agreedPlace: null });
  });

  test("is made by hand beside a list of what to type, and its secret is proved", async () => {
    const { asked } = await choose("ContentDB", /Enter an existing client/);
    await userEvent.type(screen.getByRole("textbox", { name: "Name" }), "Forum login");
    await userEvent.click(await screen.findByRole("button", { name: "Open the page" }));
    expect(asked("creation_page_open")).toEqual([{ provider: "contentdb", environment: "sandbox" }]);
    expect(screen.getByRole("button", { name: "Copy the name" })).toBeVisible();
    expect(await axeFindings()).toEqual([]);
    await userEvent.type(screen.getByRole("textbox", { name: "Client ID" }), "42");
    await userEvent.type(screen.getByLabelText(/Client secret/), "hush");
    await userEvent.click(screen.getByRole("button", { name: "Keep" }));
    await waitFor(() => expect(asked("secret_prove")).toEqual([{ client: "c9" }]));
  });
});
