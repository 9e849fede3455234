import { mount } from "svelte";
import { newQueryClient } from "$ipc/queries";
import { router } from "$frame/router.svelte";
import { applyKeptTheme } from "$frame/theme";
import { screenModules } from "$screens/index";
import App from "./App.svelte";
import "./styles/tokens.css";
import "./styles/fonts.css";
import "./styles/base.css";

applyKeptTheme();
// The first screen is on its way while the frame is made.
void screenModules[router.screen]?.();

const target = document.getElementById("app");
if (!target) throw new Error("The page has no place for the application.");
mount(App, { target, props: { client: newQueryClient() } });
