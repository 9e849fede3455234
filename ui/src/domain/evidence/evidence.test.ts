import { screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, test } from "vitest";
import { axeFindings } from "../../../tests/axe";
import { openWindow } from "../../../tests/window";

async function openPages(answers = {}) {
  const view = openWindow(["results", "run-3"], answers);
  await userEvent.click(await screen.findByRole("tab", { name: "Pages" }));
  return view;
}

const open = (name: string) => screen.findByRole("button", { name: `${name}: open the picture` });

describe("the pages of a run", () => {
  test("come in order with their addresses, what was done there, and why a picture is missing", async () => {
    await openPages();
    const pages = await within(await screen.findByRole("tabpanel")).findAllByRole("listitem");
    expect(pages.map((page) => within(page).getByRole("heading").textContent)).toEqual([
      "1 127.0.0.1:40123/chattz/oauth2/login",
      "2 127.0.0.1:40123/chattz/oauth2/continue",
      "3 127.0.0.1:40123/chattz/oauth2/consent",
    ]);
    expect(pages[0]).toHaveTextContent("acted on after 6.2 s");
    expect(pages[1]).toHaveTextContent("went on by itself");
    expect(pages[1]).toHaveTextContent("The page went on before it had finished loading.");
    await waitFor(() => expect(screen.getByRole("tabpanel").querySelectorAll("img")).toHaveLength(4));
    expect(await axeFindings()).toEqual([]);
  });

  test("are opened large and turned with the arrow keys, leaving out what has no picture", async () => {
    await openPages();
    await userEvent.click(await open("Page 1, as it was left"));
    const dialog = await screen.findByRole("dialog", { name: "Page 1, as it was left" });
    expect(await within(dialog).findByRole("img", { name: /Page 1, as it was left: 127/ })).toBeVisible();
    expect(await axeFindings()).toEqual([]);
    await userEvent.keyboard("{ArrowRight}");
    expect(await screen.findByRole("dialog", { name: "Page 3, when it had loaded" })).toBeVisible();
    await userEvent.keyboard("{ArrowRight}{ArrowRight}");
    expect(await screen.findByRole("dialog", { name: "Page 3, as it was left" })).toBeVisible();
    expect(screen.getByRole("button", { name: "Later" })).toBeDisabled();
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  });

  test("lose one picture and get it back by undo", async () => {
    const { asked } = await openPages();
    await userEvent.click(await open("Page 1, when it had loaded"));
    await userEvent.click(await screen.findByRole("button", { name: "Delete this picture" }));
    expect(await screen.findByText("Deleted the picture.")).toBeVisible();
    expect(asked("evidence_delete")).toEqual([{ picture: "1" }]);
    await userEvent.click(screen.getByRole("button", { name: "Undo" }));
    await waitFor(() => expect(asked("evidence_restore")).toEqual([{ picture: "1" }]));
  });

  test("that cannot be seen say why", async () => {
    await openPages({ evidence_list: () => ({ pages: [], note: "The system browser's pages cannot be pictured: Gatewright does not see into it." }) });
    expect(await screen.findByText(/The system browser's pages cannot be pictured/)).toBeVisible();
    expect(screen.getByText("Logins in the embedded view leave a picture of each page.")).toBeVisible();
    expect(await axeFindings()).toEqual([]);
  });
});

describe("the settings of pictures", () => {
  const card = () => screen.findByRole("region", { name: "Evidence" });

  test("say what is kept, and what a shorter time would remove before it does", async () => {
    const { asked } = openWindow(["settings"]);
    const days = within(await card()).getByRole("textbox", { name: "Days pictures are kept" });
    await waitFor(() => expect(days).toHaveAccessibleDescription(/14 pictures, 0\.4 MB\. The first goes on 11 Jun 2026\./));
    await userEvent.clear(days);
    await userEvent.type(days, "7");
    await waitFor(() => expect(days).toHaveAccessibleDescription(/3 pictures older than that go as soon as it is kept\./));
    expect(asked("settings_change")).toEqual([]);
    await userEvent.tab();
    await waitFor(() => expect(asked("settings_change").at(-1)).toMatchObject({ evidenceDays: 7 }));
  });

  test("take no days that are none, and switch pictures off", async () => {
    const { asked } = openWindow(["settings"]);
    const days = within(await card()).getByRole("textbox", { name: "Days pictures are kept" });
    await userEvent.clear(days);
    await userEvent.type(days, "0");
    await userEvent.tab();
    expect(days).toHaveAccessibleDescription(/A whole number of days/);
    await userEvent.click(screen.getByRole("checkbox", { name: "Take pictures of the pages in the embedded view" }));
    await waitFor(() => expect(asked("settings_change").at(-1)).toMatchObject({ takePictures: false, evidenceDays: 30 }));
  });
});
