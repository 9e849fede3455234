/** The screens of the window, in the order of the rail; the number keys follow it. */
export const screens = ["clients", "login", "walks", "results", "rotation", "providers", "sandbox", "settings"] as const;
export type RailScreen = (typeof screens)[number];
/** How the window names them. */
export const screenWords: Record<RailScreen, string> = {
  clients: "Clients",
  login: "Login",
  walks: "Walks",
  results: "Results",
  rotation: "Rotation",
  providers: "Providers",
  sandbox: "Sandbox",
  settings: "Settings",
};
/** Screens without a place in the rail: others lead there. */
const further = ["welcome", "audit"] as const;
export type ScreenName = RailScreen | (typeof further)[number];

const LAST = "gatewright.screen";

/** Where the window is: a screen and, after it, what is open there. Lives in the address's hash, so back and forward work. */
class Router {
  screen = $state<ScreenName>("clients");
  /** What follows the screen in the address: a record id, the word "new". */
  rest = $state<readonly string[]>([]);
  /** The address named a screen itself, at start. */
  asked = false;

  constructor() {
    this.asked = this.#read();
    if (!this.asked) {
      const last = localStorage.getItem(LAST);
      if (isScreen(last)) this.screen = last;
    }
    addEventListener("hashchange", () => this.#read());
  }

  /** Opens a screen, or something on it. */
  go(screen: ScreenName, ...rest: string[]): void {
    location.hash = href(screen, ...rest);
    this.#read();
  }

  #read(): boolean {
    const [screen, ...rest] = location.hash.replace(/^#\/?/, "").split("/").filter(Boolean).map(decodeURIComponent);
    if (!isScreen(screen)) return false;
    this.screen = screen;
    this.rest = rest;
    if (screens.some((one) => one === screen)) localStorage.setItem(LAST, screen);
    return true;
  }
}

function isScreen(name: string | null | undefined): name is ScreenName {
  return [...screens, ...further].some((screen) => screen === name);
}

/** The address of a screen, for a link. */
export function href(screen: ScreenName, ...rest: string[]): string {
  return `#/${[screen, ...rest].map(encodeURIComponent).join("/")}`;
}

export const router = new Router();
