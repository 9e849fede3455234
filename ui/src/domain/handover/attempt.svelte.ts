import { call, CommandFailed, type CommandName, type RequestOf, type ResponseOf } from "$ipc/call";
import { showFailure } from "$failure/show";
import type { FieldMessage } from "$kit/Field.svelte";

/** One command of a dialog: under way, failed, or neither. */
export class Attempt {
  busy = $state(false);
  failure = $state<unknown>();
  /** It has been told to stop, and has not stopped yet. */
  stopping = $state(false);

  /** Runs the command; nothing when it failed, which the dialog then shows. */
  async run<Name extends CommandName>(command: Name, request: RequestOf<Name>): Promise<ResponseOf<Name> | undefined> {
    this.busy = true;
    this.failure = undefined;
    try {
      return await call(command, request);
    } catch (cause) {
      this.failure = cause;
      return undefined;
    } finally {
      this.busy = false;
      this.stopping = false;
    }
  }

  /** Has the command that is under way stopped; asked once, however often somebody presses. */
  async stop(command: "backup_stop"): Promise<void> {
    if (!this.busy || this.stopping) return;
    this.stopping = true;
    try {
      await call(command, {});
    } catch (cause) {
      this.stopping = false;
      showFailure(cause);
    }
  }

  /** What the failure says about a field. */
  messages = (field: string): readonly FieldMessage[] =>
    this.failure instanceof CommandFailed && this.failure.field === field ? [{ level: "error", text: this.failure.message, hint: this.failure.hint }] : [];

  /** The failure, unless one of these fields shows it. */
  besides(fields: readonly string[]): unknown {
    return this.failure instanceof CommandFailed && this.failure.field !== null && fields.includes(this.failure.field) ? undefined : this.failure;
  }
}
