import { invoke } from "@tauri-apps/api/core";
import type { Commands } from "./gen/Commands";
import type { Failure, FailureCode } from "./gen/failure";

export type CommandName = keyof Commands;
export type RequestOf<Name extends CommandName> = Commands[Name]["request"];
export type ResponseOf<Name extends CommandName> = Commands[Name]["response"];

/** A command that the backend refused or could not finish. Its message and hint are fit for a person. */
export class CommandFailed extends Error {
  readonly code: FailureCode;
  readonly hint: string | null;
  /** The form field the failure is about, by the name the command's request gives it. */
  readonly field: string | null;

  constructor(
    readonly command: CommandName,
    failure: Failure,
  ) {
    super(failure.message);
    this.name = "CommandFailed";
    this.code = failure.code;
    this.hint = failure.hint;
    this.field = failure.field;
  }
}

function isFailure(cause: unknown): cause is Failure {
  return typeof cause === "object" && cause !== null && "code" in cause && "message" in cause;
}

/** What stands for an answer that is no Failure: the shell refused to pass the command on, which no release should ever show. */
const unexpected: Failure = {
  code: "internal",
  message: "Gatewright's window could not reach its other half.",
  hint: "Close Gatewright and start it again. The log says more.",
  field: null,
};

/** Runs a command of the table. Rejects with `CommandFailed`, and with nothing else. */
export async function call<Name extends CommandName>(command: Name, request: RequestOf<Name>): Promise<ResponseOf<Name>> {
  try {
    return await invoke<ResponseOf<Name>>(command, { request });
  } catch (cause) {
    throw new CommandFailed(command, isFailure(cause) ? cause : unexpected);
  }
}
