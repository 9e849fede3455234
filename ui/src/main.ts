import { mount } from "svelte";
import { newQueryClient } from "$ipc/queries";
import { applyKeptTheme } from "$frame/theme";
import App from "./App.svelte";
import "./styles/tokens.css";
import "./styles/fonts.css";
import "./styles/base.css";

applyKeptTheme();

const target = document.getElementById("app");
if (!target) throw new Error("The page has no place for the application.");
mount(App, { target, props: { client: newQueryClient() } });
