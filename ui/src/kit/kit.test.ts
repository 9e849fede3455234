import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { createRawSnippet } from "svelte";
import { afterEach, describe, expect, test, vi } from "vitest";
import { axeFindings } from "../../tests/axe";
import Gallery from "../../tests/Gallery.svelte";
import ConfirmDialog from "./ConfirmDialog.svelte";
import Dialog from "./Dialog.svelte";
import { toasts } from "./toasts.svelte";

const words = (text: string) => createRawSnippet(() => ({ render: () => `<p>${text}</p>` }));

afterEach(() => toasts.clear());

test("axe finds nothing in any part of the kit", async () => {
  render(Gallery);
  toasts.show({ text: "Deleted.", action: { label: "Undo", run: () => {} } });
  await screen.findByText("Deleted.");
  expect(await axeFindings()).toEqual([]);
});

describe("a field", () => {
  test("is described by its hint and its messages and counts as invalid while there is an error", () => {
    render(Gallery);
    const input = screen.getByRole("textbox", { name: "Name" });
    expect(input).toHaveAccessibleDescription(/As the provider shows it.*Too short.*Three letters at least.*Odd/);
    expect(input).toBeInvalid();
  });
});

describe("a table of a thousand rows", () => {
  test("draws only those in sight and says how many there are", () => {
    render(Gallery);
    const grid = screen.getByRole("grid", { name: "Rows" });
    expect(within(grid).getAllByRole("row").length).toBeLessThan(60);
    expect(grid).toHaveAttribute("aria-rowcount", "1001");
    expect(within(grid).getByRole("row", { selected: true })).toHaveTextContent("row 2");
  });

  test("is walked with arrow keys, opened with Enter and emptied with Delete", async () => {
    const onopen = vi.fn();
    const ondelete = vi.fn();
    render(Gallery, { onopen, ondelete });
    screen.getByRole("row", { name: /row 1 / }).focus();
    await userEvent.keyboard("{ArrowDown}{ArrowDown}{ArrowUp}");
    await waitFor(() => expect(screen.getByRole("row", { name: /row 2 / })).toHaveFocus());
    await userEvent.keyboard("{Enter}{Delete}");
    expect(onopen).toHaveBeenCalledExactlyOnceWith("row 2");
    expect(ondelete).toHaveBeenCalledExactlyOnceWith("row 2");
  });

  test("tells whole what does not fit, and leaves a cell the title it came with", () => {
    render(Gallery);
    const [name, more] = within(screen.getByRole("row", { name: /row 1 / })).getAllByRole("gridcell") as [HTMLElement, HTMLElement];
    const size = (cell: HTMLElement, scrollWidth: number) =>
      Object.defineProperties(cell, { scrollWidth: { value: scrollWidth, configurable: true }, clientWidth: { value: 80, configurable: true } });
    const pointAt = (cell: HTMLElement) => cell.dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));

    pointAt(size(name, 200));
    expect(name).toHaveAttribute("title", "row 1");
    pointAt(size(name, 80));
    expect(name).not.toHaveAttribute("title");

    more.title = "Its own";
    pointAt(size(more, 200));
    pointAt(size(more, 80));
    expect(more).toHaveAttribute("title", "Its own");
  });
});

describe("tabs", () => {
  test("move with arrow keys and show one page at a time", async () => {
    render(Gallery);
    screen.getByRole("tab", { name: /One/ }).focus();
    await userEvent.keyboard("{ArrowRight}");
    expect(await screen.findByText("Page two")).toBeVisible();
    expect(screen.queryByText("Page one")).not.toBeInTheDocument();
  });
});

describe("a timeline", () => {
  test("opens a step that has begun and says how each went", async () => {
    const onstep = vi.fn();
    render(Gallery, { onstep });
    await userEvent.click(screen.getByRole("button", { name: /First.*done.*4 ms/ }));
    expect(onstep).toHaveBeenCalledExactlyOnceWith("s1");
    expect(screen.getByRole("button", { name: /Third.*not yet/ })).toBeDisabled();
  });
});

describe("a copy button", () => {
  test("copies and says so", async () => {
    const user = userEvent.setup();
    render(Gallery);
    await user.click(screen.getByRole("button", { name: "Copy name" }));
    expect(await navigator.clipboard.readText()).toBe("the name");
    expect(screen.getByText("Copied.")).toBeInTheDocument();
  });
});

describe("a menu", () => {
  test("opens by keyboard, moves with arrows and letters past what cannot be done, and does what is chosen", async () => {
    const onitem = vi.fn();
    render(Gallery, { onitem });
    const trigger = screen.getByRole("button", { name: "More" });
    trigger.focus();
    await userEvent.keyboard("{Enter}");
    await waitFor(() => expect(screen.getByRole("menuitem", { name: "Duplicate" })).toHaveFocus());
    expect(trigger).toHaveAttribute("aria-expanded", "true");
    expect(await axeFindings(screen.getByRole("menu"))).toEqual([]);
    await userEvent.keyboard("{ArrowDown}");
    expect(screen.getByRole("menuitem", { name: "Delete" })).toHaveFocus();
    await userEvent.keyboard("{ArrowDown}");
    expect(screen.getByRole("menuitem", { name: "Duplicate" })).toHaveFocus();
    await userEvent.keyboard("de{Enter}");
    expect(onitem).toHaveBeenCalledExactlyOnceWith("Delete");
    expect(screen.queryByRole("menu")).not.toBeInTheDocument();
    expect(trigger).toHaveFocus();
  });

  test("closes with Escape or a click elsewhere and does nothing then", async () => {
    const onitem = vi.fn();
    render(Gallery, { onitem });
    const trigger = screen.getByRole("button", { name: "More" });
    await userEvent.click(trigger);
    await screen.findByRole("menu");
    await userEvent.keyboard("{Escape}");
    expect(screen.queryByRole("menu")).not.toBeInTheDocument();
    expect(trigger).toHaveFocus();
    await userEvent.click(trigger);
    await screen.findByRole("menu");
    await userEvent.click(screen.getByRole("heading", { level: 1 }));
    expect(screen.queryByRole("menu")).not.toBeInTheDocument();
    expect(onitem).not.toHaveBeenCalled();
  });
});

describe("a dialog", () => {
  test("is named by its title and closes with Escape", async () => {
    const onclose = vi.fn();
    render(Dialog, { open: true, title: "New thing", description: "It can be changed later.", onclose, children: words("Inside") });
    const dialog = await screen.findByRole("dialog", { name: "New thing" });
    expect(dialog).toHaveAccessibleDescription("It can be changed later.");
    expect(await axeFindings()).toEqual([]);
    await userEvent.keyboard("{Escape}");
    expect(onclose).toHaveBeenCalledOnce();
  });

  test("closes when the browser cancels it, which is all that comes of Escape while no control has the keyboard", async () => {
    const onclose = vi.fn();
    render(Dialog, { open: true, title: "New thing", onclose, children: words("Inside") });
    const dialog = await screen.findByRole("dialog", { name: "New thing" });
    const cancel = new Event("cancel", { cancelable: true });
    dialog.dispatchEvent(cancel);
    expect(cancel.defaultPrevented).toBe(true);
    expect(onclose).toHaveBeenCalledOnce();
  });

  test("that asks a question starts on Cancel and does nothing without a yes", async () => {
    const onconfirm = vi.fn();
    const oncancel = vi.fn();
    render(ConfirmDialog, { open: true, title: "Show it?", description: "People behind you can read it.", confirm: "Show", onconfirm, oncancel });
    await waitFor(() => expect(screen.getByRole("button", { name: "Cancel" })).toHaveFocus());
    expect(await axeFindings()).toEqual([]);
    await userEvent.keyboard("{Enter}");
    expect(oncancel).toHaveBeenCalledOnce();
    expect(onconfirm).not.toHaveBeenCalled();
    await userEvent.click(screen.getByRole("button", { name: "Show" }));
    expect(onconfirm).toHaveBeenCalledOnce();
  });
});

describe("a message", () => {
  test("goes away by itself, but not under the pointer, and its action runs once", async () => {
    vi.useFakeTimers();
    try {
      const run = vi.fn();
      const id = toasts.show({ text: "Deleted.", seconds: 5, action: { label: "Undo", run } });
      toasts.hold(id);
      vi.advanceTimersByTime(60_000);
      expect(toasts.shown).toHaveLength(1);
      toasts.resume({ id, seconds: 5 });
      vi.advanceTimersByTime(5000);
      expect(toasts.shown).toHaveLength(0);
    } finally {
      vi.useRealTimers();
    }
  });

  test("does what its button says", async () => {
    const run = vi.fn();
    render(Gallery);
    toasts.show({ text: "Deleted.", action: { label: "Undo", run } });
    await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
    expect(run).toHaveBeenCalledOnce();
    expect(screen.queryByText("Deleted.")).not.toBeInTheDocument();
  });
});
