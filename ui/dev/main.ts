// The window with sample records instead of the backend, to look at in any browser: `npm run dev` and open /dev/.
// The address may ask for a theme, a language, and for what axe finds, which then stands in the console: /dev/?theme=dark&language=german&axe#/login/run-1
import { installBackend } from "./backend";
import { appState, rareStates } from "./sample-app";

const asked = new URLSearchParams(location.search);
const theme = asked.get("theme");
if (theme === "light" || theme === "dark") appState.settings.theme = theme;
if (asked.get("language") === "german") Object.assign(appState, { language: "german", settings: { ...appState.settings, language: "german" } });
const rare = asked.get("state");
if (rare && rare in rareStates) Object.assign(appState, rareStates[rare as keyof typeof rareStates]);
installBackend();
// Not awaited: the window's files need this one, and would wait until it is through.
void import("../src/main");

if (asked.has("axe")) {
  setTimeout(async () => {
    const { default: axe } = await import("axe-core");
    const { violations, passes } = await axe.run();
    const findings = violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
    console.warn(`axe: ${passes.length} rules passed, ${findings.length} findings`, findings.join("\n"));
  }, 1500);
}
