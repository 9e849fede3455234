import { useQueryClient } from "@tanstack/svelte-query";
import { call, CommandFailed } from "$ipc/call";
import type { SandboxStart, SandboxState } from "$ipc/gen/sandbox";
import { keys } from "$ipc/queries";
import type { FieldMessage } from "$kit/Field.svelte";

/** The port of an origin, as text. */
const portOf = (origin: string | null): string => (origin === null ? "" : new URL(origin).port);

/** How the sandbox is to run, as typed, and the buttons that make it so. */
export class SandboxControl {
  port = $state("");
  /** A sandbox user, or "" to show the pages. */
  autoApprove = $state("");
  gitter = $state<"document" | "engine">("document");
  busy = $state<"start" | "stop">();
  failure = $state.raw<unknown>();

  readonly #client = useQueryClient();

  /** Takes over how it runs. What was typed for a sandbox that is off stays. */
  follow({ running, origin, autoApprove, gitterAsEngine }: SandboxState): void {
    if (!running) return;
    this.port = portOf(origin);
    this.autoApprove = autoApprove ?? "";
    this.gitter = gitterAsEngine ? "engine" : "document";
  }

  /** The request, or nothing while the port is no port. */
  get wanted(): SandboxStart | undefined {
    const text = this.port.trim();
    const port = text === "" ? null : Number(text);
    if (port !== null && !(/^\d+$/.test(text) && port >= 1 && port <= 65_535)) return undefined;
    return { port, autoApprove: this.autoApprove || null, gitterAsEngine: this.gitter === "engine" };
  }

  /** Whether starting again would change how it runs. */
  differs(state: SandboxState): boolean {
    const wanted = this.wanted;
    return (
      wanted === undefined ||
      String(wanted.port ?? "") !== portOf(state.origin) ||
      wanted.autoApprove !== state.autoApprove ||
      wanted.gitterAsEngine !== state.gitterAsEngine
    );
  }

  get portMessages(): FieldMessage[] {
    if (!this.wanted) return [{ level: "error", text: "A port is a whole number from 1 to 65535.", hint: "Leave it empty for any free one." }];
    const failure = this.failure;
    return failure instanceof CommandFailed && failure.field === "port" ? [{ level: "error", text: failure.message, hint: failure.hint }] : [];
  }

  /** What went wrong and has no field. */
  get otherFailure(): unknown {
    return this.failure instanceof CommandFailed && this.failure.field === "port" ? undefined : this.failure;
  }

  async start(): Promise<void> {
    const wanted = this.wanted;
    if (wanted) await this.#run("start", () => call("sandbox_start", wanted));
  }

  async stop(): Promise<void> {
    await this.#run("stop", () => call("sandbox_stop", {}));
  }

  async #run(busy: "start" | "stop", command: () => Promise<SandboxState>): Promise<void> {
    this.busy = busy;
    this.failure = undefined;
    try {
      this.#client.setQueryData(keys.sandbox, await command());
      void this.#client.invalidateQueries({ queryKey: keys.app });
    } catch (cause) {
      this.failure = cause;
      // A start that failed has stopped the sandbox that ran before.
      void this.#client.invalidateQueries({ queryKey: keys.sandbox });
    } finally {
      this.busy = undefined;
    }
  }
}

/** The port of the example where none is typed. */
const EXAMPLE_PORT = 7000;

/** The same sandbox from a shell, as a command line; never on the port this window's own sandbox has. */
export function shellCommand({ port, autoApprove, gitterAsEngine }: SandboxStart, origin: string | null): string {
  const free = port === null || String(port) === portOf(origin) ? EXAMPLE_PORT : port;
  return [`gatewright-sandbox --port ${free}`, autoApprove ? `--auto-approve=${autoApprove}` : "", gitterAsEngine ? "--gitter-engine" : ""]
    .filter(Boolean)
    .join(" ");
}
