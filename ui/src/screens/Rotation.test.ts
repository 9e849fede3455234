import { screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import { router } from "$frame/router.svelte";
import { fail } from "../../dev/backend";
import { boardRow, rotationDetail, waitsForPaste } from "../../dev/sample-rotations";
import { axeFindings } from "../../tests/axe";
import { openWindow } from "../../tests/window";

const SECRET = "n3w-s3cret-c09d";

describe("the board", () => {
  test("has the secrets that are due on top and says how many there are", async () => {
    openWindow(["rotation"]);
    expect(await screen.findByRole("row", { name: /Guild bot Chattr v1 · 97 d 7 days late 2 h ago nobody rotate/ })).toBeVisible();
    expect(screen.getByRole("row", { name: /My Website Login.*in 6 days refused 3 places/ })).toBeVisible();
    expect(screen.getByRole("row", { name: /Forum login.*no reminder/ })).toBeVisible();
    expect(screen.getByText("5 secrets · 2 due · 1 under way")).toBeVisible();
    expect(screen.getByRole("img", { name: "Age of all secrets: under 60 days 2, 60 to 90 days 1, over 90 days 2" })).toBeVisible();
    expect(await screen.findByRole("link", { name: "Rotation 2 due" })).toBeVisible();
    expect(await axeFindings()).toEqual([]);
  });

  test("leads to the runbook where one is under way, and to the choice of a way where none is", async () => {
    openWindow(["rotation"]);
    await userEvent.click(await screen.findByRole("row", { name: /Room archive.*step 3 of 6 · waiting for you/ }));
    expect(await screen.findByRole("heading", { name: "Rotate the secret of “Room archive”" })).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "All secrets" }));
    await userEvent.click(await screen.findByRole("row", { name: /Guild bot/ }));
    expect(await screen.findByRole("dialog", { name: "Rotate the secret" })).toBeVisible();
  });

  test("is narrowed to what is due", async () => {
    openWindow(["rotation"]);
    await userEvent.click(await screen.findByRole("radio", { name: /^Due/ }));
    await waitFor(() => expect(screen.queryByRole("row", { name: /My Website Login/ })).not.toBeInTheDocument());
    expect(screen.getByRole("row", { name: /Guild bot/ })).toBeVisible();
  });

  test("draws only what is in sight of ten thousand secrets, and fetches the pages that come into sight", async () => {
    const { asked } = openWindow(["rotation"], {
      rotation_board: ({ offset, limit }) => ({
        rows: Array.from({ length: Math.min(limit, 10_000 - offset) }, (_, index) => boardRow({ client: `c${offset + index}`, clientName: `Client ${offset + index}` })),
        total: 10_000,
        due: 0,
        underWay: 0,
        ages: [{ label: "under 60 days", secrets: 10_000, urgency: "fine" }],
      }),
    });
    await screen.findByRole("row", { name: /Client 0 / });
    expect(screen.getByRole("grid", { name: "Secrets" })).toHaveAttribute("aria-rowcount", "10001");
    expect(screen.getAllByRole("row").length).toBeLessThan(60);
    expect(asked("rotation_board")).toHaveLength(2);
  });

  test("says what belongs here while there is no secret", async () => {
    openWindow(["rotation"], { rotation_board: () => ({ rows: [], total: 0, due: 0, underWay: 0, ages: [] }) });
    expect(await screen.findByText("There is no secret to rotate yet.")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Make a client" }));
    expect(router.screen).toBe("clients");
  });
});

describe("the beginning of a rotation", () => {
  test("shows each way with what it costs and begins the one that was chosen", async () => {
    const { asked } = openWindow(["rotation", "start", "c1"]);
    const dialog = within(await screen.findByRole("dialog", { name: "Rotate the secret" }));
    expect(await dialog.findByText("It was seen that the provider can do this; its document does not say it.")).toBeVisible();
    expect(dialog.getByText("The sandbox's twin can do this.")).toBeVisible();
    expect(await dialog.findByRole("radio", { name: "Overlap" })).toBeChecked();
    expect(dialog.getByText("2 things to move: web-1, web-2.")).toBeVisible();
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(dialog.getByRole("radio", { name: "Instant cut-over" }));
    expect(dialog.getByText("What uses the old secret stops working until it is moved.")).toBeVisible();
    await userEvent.click(dialog.getByRole("button", { name: "Begin" }));
    await waitFor(() => expect(router.rest).toEqual(["rot-9"]));
    expect(asked("rotation_start")).toEqual([{ client: "c1", strategy: "cutOver", driver: "byHand" }]);
  });

  test("is refused with the reason, and leads to the rotation that is under way", async () => {
    openWindow(["rotation", "start", "c5"], {
      rotation_options: ({ client }) => ({ client, obstacle: "Its secret is lost here.", underWay: "rot-1", ways: [], deployments: [] }),
    });
    expect(await screen.findByText("A rotation of this secret is under way.")).toBeVisible();
    expect(screen.getByRole("button", { name: "Begin" })).toBeDisabled();
    await userEvent.click(screen.getByRole("button", { name: "Go on with it" }));
    expect(router.rest).toEqual(["rot-1"]);
  });
});

describe("the runbook", () => {
  test("says how each step stands, whom the next one waits for, and what would be the case if the computer stopped", async () => {
    openWindow(["rotation", "rot-1"]);
    const steps = within(await screen.findByRole("list", { name: "Steps" })).getAllByRole("listitem");
    expect(steps[0]).toHaveTextContent("Working secret proved");
    expect(steps[0]).toHaveTextContent("done");
    expect(steps[2]).toHaveAttribute("aria-current", "step");
    expect(steps[2]).toHaveTextContent("waiting for you");
    expect(steps[5]).toHaveTextContent("later");
    expect(screen.getByRole("region", { name: "If this computer stopped now" })).toHaveTextContent("v1 keeps working. On the next start Gatewright continues at step 3.");
    expect(screen.getByRole("region", { name: "Both secrets now" })).toHaveTextContent(/v1.*accepted 3 min ago.*v2.*not tried yet/s);
    expect(await axeFindings()).toEqual([]);
  });

  test("ticks off what uses the new secret", async () => {
    const { asked } = openWindow(["rotation", "rot-1"]);
    expect(await screen.findByRole("checkbox", { name: "web-1" })).toBeChecked();
    await userEvent.click(screen.getByRole("checkbox", { name: "nightly export" }));
    expect(asked("rotation_tick_deployment")).toEqual([{ rotation: "rot-1", deployment: "d3", moved: true }]);
    expect(await screen.findByText("Uses the new secret: 3 of 3")).toBeVisible();
    expect(screen.getByRole("checkbox", { name: "nightly export" })).toBeChecked();
  });

  test("asks before it goes on without something or back, and says what follows", async () => {
    const { asked } = openWindow(["rotation", "rot-1"]);
    await userEvent.click(await screen.findByRole("button", { name: "Go on without" }));
    const question = within(await screen.findByRole("alertdialog", { name: "Go on without?" }));
    expect(question.getByText(/The nightly export still uses v1/)).toBeVisible();
    await userEvent.click(question.getByRole("button", { name: "Cancel" }));
    expect(asked("rotation_pass_over")).toEqual([]);

    await userEvent.click(screen.getByRole("button", { name: "Roll back to v1" }));
    await userEvent.click(within(await screen.findByRole("alertdialog")).getByRole("button", { name: "Roll back to v1" }));
    expect(await screen.findByText("v1 is in use again, and v2 is gone.")).toBeVisible();
    expect(asked("rotation_roll_back")).toEqual([{ rotation: "rot-1", confirmed: true }]);
  });

  test("asks for an access token where the provider's admin interface wants one, and forgets it", async () => {
    const { asked } = openWindow(["rotation", "rot-1"], {
      rotation_show: () =>
        rotationDetail({ driver: "keycloak", environment: "production", actions: [{ kind: "obtain", label: "Get a new secret", primary: true, confirm: null }] }),
      rotation_obtain: () => fail({ code: "refused", message: "Keycloak does not take this token." }),
    });
    await userEvent.click(await screen.findByRole("button", { name: "Get a new secret" }));
    const question = within(await screen.findByRole("alertdialog"));
    await userEvent.type(question.getByLabelText(/Access token/), SECRET);
    expect(await axeFindings()).toEqual([]);
    await userEvent.click(question.getByRole("button", { name: "Get a new secret" }));
    expect(asked("rotation_obtain")).toEqual([{ rotation: "rot-1", confirmed: true, accessToken: SECRET }]);
    expect(await screen.findByText("Keycloak does not take this token.")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Get a new secret" }));
    expect(screen.getByLabelText(/Access token/)).toHaveValue("");
  });

  test("takes a pasted secret masked, sends it once and forgets it", async () => {
    const { asked } = openWindow(["rotation", "rot-2"], { rotation_paste_new: () => fail({ code: "keyring_locked", message: "The keyring is locked.", hint: "Unlock it and store again." }) });
    expect(await screen.findByText("Type this name:")).toBeVisible();
    await userEvent.click(await screen.findByRole("button", { name: "Open the page" }));
    expect(asked("creation_page_open")).toEqual([{ provider: "gitter", environment: "sandbox" }]);
    await userEvent.type(screen.getByRole("textbox", { name: "New client ID" }), "09ff");
    const field = screen.getByLabelText("New secret");
    expect(field).toHaveAttribute("type", "password");
    await userEvent.type(field, SECRET);
    await userEvent.click(screen.getByRole("button", { name: "Store the new secret" }));
    expect(asked("rotation_paste_new")).toEqual([{ rotation: "rot-2", clientId: "09ff", secret: SECRET }]);
    expect(await screen.findByText("The keyring is locked.")).toBeVisible();
    expect(field).toHaveValue("");
    expect(document.documentElement.outerHTML).not.toContain(SECRET);
    expect(await axeFindings()).toEqual([]);
  });

  test("proves the new secret by a login in the browser that was chosen", async () => {
    const { asked } = openWindow(["rotation", "rot-3"]);
    await userEvent.selectOptions(await screen.findByRole("combobox", { name: "Browser" }), "in the system browser");
    await userEvent.click(screen.getByRole("button", { name: "Log in with v2" }));
    await waitFor(() => expect(asked("rotation_login")).toEqual([{ rotation: "rot-3", browser: "system", redirectUri: null }]));
    expect(router.screen).toBe("rotation");
  });

  test("that is over says how it ended and offers nothing more", async () => {
    openWindow(["rotation", "rot-4"]);
    expect(await screen.findByText("v2 is in use, and v1 is refused by Gitter.")).toBeVisible();
    expect(screen.queryByRole("button", { name: /Roll back/ })).not.toBeInTheDocument();
    expect(await axeFindings()).toEqual([]);
  });

  test("whose step needs a look says so", async () => {
    const detail = rotationDetail(waitsForPaste);
    openWindow(["rotation", "rot-2"], {
      rotation_show: () => ({ ...detail, steps: detail.steps.map((step) => (step.state === "next" ? { ...step, state: "attention" as const, sentence: "The disk is full." } : step)) }),
    });
    expect(await screen.findByText("needs a look")).toBeVisible();
    expect(screen.getByText("The disk is full.")).toBeVisible();
  });

  test("that is gone says so", async () => {
    openWindow(["rotation", "rot-8"], { rotation_show: () => fail({ code: "not_found", message: "This rotation is gone." }) });
    expect(await screen.findByText("This rotation is gone.")).toBeVisible();
  });
});
