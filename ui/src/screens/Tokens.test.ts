import { screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import { router } from "$frame/router.svelte";
import { instant } from "$domain/words";
import { fail, sampleAnswers } from "../../dev/backend";
import { ambiguousRun, idToken, refreshableRun } from "../../dev/sample-runs";
import { axeFindings } from "../../tests/axe";
import { openWindow } from "../../tests/window";

const open = (answers: Parameters<typeof openWindow>[1] = {}) => openWindow(["results", "run-5"], answers);
const button = (name: string) => screen.findByRole("button", { name });

describe("the tokens of a run", () => {
  test("are refreshed, and the new step is opened, without findings by axe", async () => {
    const { asked } = open();
    expect(await screen.findByText("can be refreshed")).toBeVisible();
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(await button("Refresh"));
    const steps = within(screen.getByRole("list", { name: "What happened" }));
    expect(await steps.findByText("After the login")).toBeVisible();
    expect(steps.getByRole("button", { name: /Refresh\W+done/ })).toHaveAttribute("aria-current", "step");
    expect(asked("token_refresh")).toEqual([{ run: "run-5", tryOnceMore: false }]);
    expect(screen.getByRole("region", { name: "Step: Refresh" })).toBeVisible();
  });

  test("have only the buttons for which the provider has something", async () => {
    open({ run_show: () => ({ ...refreshableRun, grant: null, actions: [{ kind: "decode", token: "id_token" }] }) });
    expect(await button("Decode ID token")).toBeVisible();
    for (const name of ["Refresh", "Userinfo", "Log out …", "Revoke access token", "Introspect access token"]) {
      expect(screen.queryByRole("button", { name })).not.toBeInTheDocument();
    }
  });

  test("are revoked after a yes only", async () => {
    const { asked } = open();
    await userEvent.click(await button("Revoke refresh token"));
    const question = within(await screen.findByRole("alertdialog", { name: "Revoke the refresh token?" }));
    expect(asked("token_revoke")).toEqual([]);
    await userEvent.click(question.getByRole("button", { name: "Revoke" }));
    await waitFor(() => expect(asked("token_revoke")).toEqual([{ run: "run-5", token: "refresh_token" }]));
    expect(await screen.findByRole("region", { name: "Step: Revocation" })).toBeVisible();
  });

  test("are introspected, and userinfo is asked again, without a question", async () => {
    const { asked } = open();
    await userEvent.click(await button("Introspect access token"));
    expect(await screen.findByRole("region", { name: "Step: Introspection" })).toBeVisible();
    expect(asked("token_introspect")).toEqual([{ run: "run-5", token: "access_token" }]);
    await userEvent.click(await button("Userinfo"));
    await waitFor(() => expect(asked("token_userinfo")).toEqual([{ run: "run-5" }]));
  });

  test("are sent once more after an answer was lost only by somebody who read what that may cost", async () => {
    const { asked } = open({ run_show: () => ambiguousRun });
    expect(await screen.findByText(ambiguousRun.grant!.sentence!)).toBeVisible();
    await userEvent.click(await button("Try once more …"));
    const question = within(await screen.findByRole("alertdialog", { name: "Send the same refresh token once more?" }));
    expect(question.getByText(/may take the second use for theft and revoke everything/)).toBeVisible();
    await userEvent.click(question.getByRole("button", { name: "Try once more" }));
    await waitFor(() => expect(asked("token_refresh")).toEqual([{ run: "run-5", tryOnceMore: true }]));
  });

  test("say why something could not be done with them", async () => {
    open({ token_refresh: () => fail({ code: "grant_over", message: "The provider refuses the refresh token.", hint: "Log in again." }) });
    await userEvent.click(await button("Refresh"));
    expect(await screen.findByText("The provider refuses the refresh token.")).toBeVisible();
    expect(screen.getByText("Log in again.")).toBeVisible();
  });
});

describe("a logout", () => {
  test("is begun after a yes and goes on where a run is steered", async () => {
    let run = refreshableRun;
    const { asked } = open({
      run_show: () => run,
      login_end: async (request) => {
        const after = await sampleAnswers.login_end!(request);
        return (run = { ...after, row: { ...after.row, verdict: "running" }, actions: [] });
      },
    });
    await userEvent.click(await button("Log out …"));
    await userEvent.click(within(await screen.findByRole("alertdialog", { name: "Log out at Chaster?" })).getByRole("button", { name: "Log out" }));
    await waitFor(() => expect([router.screen, ...router.rest]).toEqual(["login", "run-5"]));
    expect(asked("login_end")).toEqual([{ run: "run-5" }]);
    expect(await screen.findByText("Answer the logout page in the login window.")).toBeVisible();
    expect(await button("Cancel the logout")).toBeEnabled();
  });
});

describe("a token that is decoded", () => {
  test("shows header, claims and local times, and that its signature was verified", async () => {
    const { asked } = open();
    await userEvent.click(await button("Decode ID token"));
    const dialog = within(await screen.findByRole("dialog", { name: "ID token" }));
    expect(await dialog.findByText("Its signature was verified when it came.")).toBeVisible();
    expect(dialog.getByText("RS256")).toBeVisible();
    const times = dialog.getAllByText(instant(idToken.times[0]!.at));
    expect(times.map((time) => time.closest("dd")?.textContent)).toEqual([expect.stringContaining("expired"), expect.stringContaining("written in milliseconds")]);
    expect(asked("token_decode")).toEqual([{ run: "run-5", token: "id_token" }]);
    expect(await axeFindings()).toEqual([]);
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  });

  test("is not believed where nobody verified it, and a member that is there twice is named", async () => {
    open({ token_decode: () => ({ ...idToken, signature: "notVerified", twice: "sub" }) });
    await userEvent.click(await button("Decode access token"));
    expect(await screen.findByText(/was not verified: do not believe/)).toBeVisible();
    expect(screen.getByText("“sub” is there twice.")).toBeVisible();
  });

  test("that is no JWT says so and no more", async () => {
    open({ token_decode: () => ({ ...idToken, form: "opaque", sentence: "No JWT: only the server can say what it means.", header: [], claims: [], times: [], signature: "absent" }) });
    await userEvent.click(await button("Decode access token"));
    expect(await screen.findByText("No JWT: only the server can say what it means.")).toBeVisible();
    expect(screen.queryByText(/no signature/)).not.toBeInTheDocument();
    expect(screen.queryByRole("heading", { name: "Claims" })).not.toBeInTheDocument();
  });
});
