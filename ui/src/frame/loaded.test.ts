import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { createRawSnippet, type Component } from "svelte";
import { expect, test, vi } from "vitest";
import { axeFindings } from "../../tests/axe";
import { fetchAhead } from "./ahead";
import Loaded from "./Loaded.svelte";

const words = createRawSnippet((part: () => string) => ({ render: () => `<p>${part()}</p>` }));
const show = (load: () => Promise<{ default: string }>) => render(Loaded as Component<object>, { load, children: words });

test("a part of the window shows its outline until it is there", async () => {
  let arrive: (part: { default: string }) => void = () => {};
  show(() => new Promise((resolve) => (arrive = resolve)));
  expect(screen.getByRole("status", { name: "Loading" })).toBeInTheDocument();
  arrive({ default: "Rotation" });
  expect(await screen.findByText("Rotation")).toBeVisible();
  expect(screen.queryByRole("status")).not.toBeInTheDocument();
});

test("a part that does not come says so, and the page is loaded afresh for another try", async () => {
  const reload = vi.spyOn(location, "reload").mockImplementation(() => {});
  show(() => Promise.reject(new TypeError("Importing a module script failed.")));
  expect(await screen.findByRole("alert")).toHaveTextContent("This part of Gatewright could not be loaded.");
  expect(await axeFindings()).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(reload).toHaveBeenCalledOnce();
});

test("parts are fetched ahead one after the other, past one that does not come", async () => {
  const fetched: string[] = [];
  const part = (name: string, comes = true) => async () => {
    fetched.push(name);
    if (!comes) throw new Error("It did not come.");
  };
  fetchAhead([part("results"), part("providers", false), part("sandbox")]);
  expect(fetched).toEqual([]);
  await vi.waitFor(() => expect(fetched).toEqual(["results", "providers", "sandbox"]), { timeout: 10_000 });
});
