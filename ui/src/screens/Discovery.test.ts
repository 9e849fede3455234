import { screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import { router } from "$frame/router.svelte";
import { fail } from "../../dev/backend";
import { acceptedMetadata, discoveredProvider, discovery, metadataChange, offer, proposal, refusedAsNear } from "../../dev/sample-discovery";
import { providerDetail } from "../../dev/sample-providers";
import { axeFindings } from "../../tests/axe";
import { openWindow } from "../../tests/window";

const issuer = "https://id.example.org/realms/staff";

async function look(answers: Parameters<typeof openWindow>[1] = {}) {
  const window = openWindow(["providers"], answers);
  await userEvent.click(await screen.findByRole("button", { name: "Add by issuer" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Add a provider by its issuer" }));
  await userEvent.type(dialog.getByRole("textbox", { name: "Issuer" }), ` ${issuer} {Enter}`);
  return { ...window, dialog };
}

describe("a provider added by its issuer", () => {
  test("is shown with documents, conflicts and hosts before it is kept as shown, without findings by axe", async () => {
    const { asked, dialog } = await look();
    expect(await dialog.findByText(discovery.sentence)).toBeVisible();
    expect(asked("provider_discover")).toEqual([{ issuer, nearby: false }]);
    expect(within(dialog.getByRole("list", { name: "Documents" })).getAllByRole("listitem")).toHaveLength(2);
    const conflict = within(dialog.getByRole("table", { name: "Where the two documents disagree" })).getByRole("row", { name: /^token_endpoint/ });
    expect(conflict).toHaveTextContent(/gets secrets.*https:\/\/tøken\.example\/token.*https:\/\/id\.example\.org\/realms\/staff\/token/);
    const endpoints = within(dialog.getByRole("list", { name: "Endpoints" }));
    const token = endpoints.getByText("Token endpoint").closest("li")!;
    expect(token).toHaveTextContent(/gets secrets.*other host.*letters beyond ASCII.*looked up as xn--tken-gra\.example/);
    expect(endpoints.getByText("Authorization endpoint").closest("li")).not.toHaveTextContent("other host");
    expect(dialog.getByText("client_secret_basic · private_key_jwt")).toBeVisible();
    expect(dialog.getByText("The two documents disagree.")).toBeVisible();
    expect(await axeFindings()).toEqual([]);
    const name = dialog.getByRole("textbox", { name: "Name" });
    expect(name).toHaveValue("id.example.org");
    await userEvent.clear(name);
    await userEvent.type(name, "Staff login");
    await userEvent.click(dialog.getByRole("button", { name: "Keep this provider" }));
    await waitFor(() => expect(asked("provider_adopt")).toEqual([{ issuer, name: "Staff login", digest: proposal.digest, nearby: false }]));
    await waitFor(() => expect(router.rest).toEqual([discoveredProvider.id]));
    expect(screen.getByText("“Staff login” is kept.")).toBeVisible();
  });

  test("cannot be kept where nothing that was found is to be believed", async () => {
    const { dialog } = await look({ provider_discover: () => ({ ...discovery, sentence: "The document names another issuer.", proposal: null, conflicts: [] }) });
    expect(await dialog.findByRole("alert")).toHaveTextContent("The document names another issuer.");
    expect(dialog.queryByRole("button", { name: "Keep this provider" })).not.toBeInTheDocument();
  });

  test("in the network at hand is asked and kept once its host is allowed", async () => {
    const { asked, dialog } = await look({ provider_discover: ({ nearby }) => (nearby ? discovery : refusedAsNear) });
    await userEvent.click(await dialog.findByRole("button", { name: "Allow id.example.org for this issuer" }));
    await userEvent.click(await dialog.findByRole("button", { name: "Keep this provider" }));
    expect(asked("provider_discover")).toEqual([{ issuer, nearby: false }, { issuer, nearby: true }]);
    await waitFor(() => expect(asked("provider_adopt")).toEqual([expect.objectContaining({ nearby: true })]));
  });

  test("that was allowed does not allow another", async () => {
    const { asked, dialog } = await look({ provider_discover: ({ nearby }) => (nearby ? discovery : refusedAsNear) });
    await userEvent.click(await dialog.findByRole("button", { name: "Allow id.example.org for this issuer" }));
    await dialog.findByRole("button", { name: "Keep this provider" });
    await userEvent.type(dialog.getByRole("textbox", { name: "Issuer" }), "2{Enter}");
    await waitFor(() => expect(asked("provider_discover").at(-1)).toEqual({ issuer: `${issuer} 2`, nearby: false }));
  });

  test("is forgotten with its issuer: another address has to be looked at first", async () => {
    const { dialog } = await look();
    await dialog.findByRole("button", { name: "Keep this provider" });
    await userEvent.type(dialog.getByRole("textbox", { name: "Issuer" }), "x");
    expect(dialog.queryByRole("button", { name: "Keep this provider" })).not.toBeInTheDocument();
  });

  test("says beside the field what is wrong with the address", async () => {
    const { dialog } = await look({
      provider_discover: () => fail({ code: "invalid", message: "An issuer begins with https.", hint: "Write the whole address.", field: "issuer" }),
    });
    const field = dialog.getByRole("textbox", { name: "Issuer" });
    await waitFor(() => expect(field).toHaveAccessibleDescription(/An issuer begins with https.*Write the whole address/));
  });

  test("says so when the issuer changed between looking and keeping", async () => {
    const { dialog } = await look({ provider_adopt: () => fail({ code: "changed_meanwhile", message: "The issuer says something else now.", hint: "Look again." }) });
    await userEvent.click(await dialog.findByRole("button", { name: "Keep this provider" }));
    expect(await dialog.findByText("The issuer says something else now.")).toBeVisible();
  });
});

describe("an issuer that is looked at again", () => {
  const open = (answers: Parameters<typeof openWindow>[1] = {}) => openWindow(["providers", discoveredProvider.id], answers);

  test("shows what differs, and it is accepted exactly as shown", async () => {
    const { asked } = open();
    await userEvent.click(await screen.findByRole("button", { name: "Look again" }));
    const table = within(await screen.findByRole("table", { name: "What differs" }));
    expect(table.getByRole("row", { name: /^token_endpoint/ })).toHaveTextContent(/gets secrets.*staff\/token.*tokens\.example\.org/);
    expect(table.getByRole("row", { name: /^jwks_uri/ })).toHaveTextContent(/decides trust.*not there/);
    expect(screen.getByText(/secrets and tokens kept for Staff login may go to the new addresses/)).toBeVisible();
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Accept" }));
    await waitFor(() => expect(asked("provider_accept_change")).toEqual([{ provider: discoveredProvider.id, digest: offer.digest }]));
    await waitFor(() => expect(screen.queryByRole("table")).not.toBeInTheDocument());
  });

  test("is asked at once by whoever comes from a moved endpoint", async () => {
    const { asked } = openWindow(["providers", discoveredProvider.id, "look"]);
    expect(await screen.findByRole("table", { name: "What differs" })).toBeVisible();
    expect(asked("provider_refresh")).toEqual([{ provider: discoveredProvider.id }]);
  });

  test("has no base URL or profile to be changed behind its back", async () => {
    open();
    await screen.findByRole("button", { name: "Look again" });
    expect(screen.queryByRole("button", { name: "Edit" })).not.toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Change the real base URL" })).not.toBeInTheDocument();
    expect(screen.getByRole("button", { name: "New provider from this one" })).toBeVisible();
  });

  test("keeps an offer waiting until the old ones are chosen", async () => {
    const { asked } = open({ provider_show: () => providerDetail(discoveredProvider, { metadata: { ...acceptedMetadata, offer } }), provider_decline_change: () => providerDetail(discoveredProvider, { metadata: acceptedMetadata }) });
    await userEvent.click(await screen.findByRole("button", { name: "Keep the old ones" }));
    await waitFor(() => expect(asked("provider_decline_change")).toEqual([{ provider: discoveredProvider.id, digest: offer.digest }]));
    await waitFor(() => expect(screen.queryByRole("table")).not.toBeInTheDocument());
  });

  test("and leads into the network at hand is asked again once its host is allowed", async () => {
    let allowed = false;
    const { asked } = open({
      provider_refresh: () => (allowed ? { ...metadataChange, sentence: "Nothing differs.", offer: null } : { ...metadataChange, ...refusedAsNear, offer: null }),
      nearby_host_confirm: ({ host }) => {
        allowed = true;
        return providerDetail(discoveredProvider, { metadata: acceptedMetadata, nearbyHosts: [{ host, confirmedAt: "2025-10-12T08:00:00Z" }] });
      },
    });
    await userEvent.click(await screen.findByRole("button", { name: "Look again" }));
    await userEvent.click(await screen.findByRole("button", { name: `Allow id.example.org for ${discoveredProvider.name}` }));
    expect(await screen.findByText("Nothing differs.")).toBeVisible();
    expect(asked("nearby_host_confirm")).toEqual([{ provider: discoveredProvider.id, host: "id.example.org" }]);
    expect(screen.getByRole("list", { name: "Hosts in your network" })).toHaveTextContent("id.example.org");
  });

  test("that says the same asks for no decision", async () => {
    open({ provider_refresh: () => ({ ...metadataChange, sentence: "Nothing differs.", offer: null }) });
    await userEvent.click(await screen.findByRole("button", { name: "Look again" }));
    expect(await screen.findByText("Nothing differs.")).toBeVisible();
    expect(screen.queryByRole("button", { name: "Accept" })).not.toBeInTheDocument();
  });
});
