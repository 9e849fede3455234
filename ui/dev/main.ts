// The window with sample records instead of the backend, to look at in any browser: `npm run dev` and open /dev/.
// The address may ask for a theme: /dev/?theme=dark#/login/run-1
import { installBackend } from "./backend";
import { appState } from "./sample-app";

const theme = new URLSearchParams(location.search).get("theme");
if (theme === "light" || theme === "dark") appState.settings.theme = theme;
installBackend();
await import("../src/main");
