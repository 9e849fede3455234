import { call } from "$ipc/call";
import type { RotationAction, RotationDetail, RotationLogin, RotationPaste } from "$ipc/gen/rotation";

/** The actions that do something at the provider by its admin interface. */
const withToken: readonly RotationAction["kind"][] = ["obtain", "promote", "retire", "rollBack", "abandon"];

/** The actions that are a button and nothing more; the others need something from the person first. */
function ask({ kind }: RotationAction, rotation: string, accessToken: string): Promise<RotationDetail> | undefined {
  const confirm = { rotation, confirmed: true, ...(accessToken === "" ? {} : { accessToken }) };
  switch (kind) {
    case "proveOld":
      return call("rotation_prove_old", { rotation });
    case "obtain":
      return call("rotation_obtain", confirm);
    case "storeAgain":
      return call("rotation_store_again", { rotation });
    case "proveNew":
      return call("rotation_prove_new", { rotation });
    case "promote":
      return call("rotation_promote", confirm);
    case "retire":
      return call("rotation_retire", confirm);
    case "passOver":
      return call("rotation_pass_over", confirm);
    case "rollBack":
      return call("rotation_roll_back", confirm);
    case "abandon":
      return call("rotation_abandon", confirm);
    case "pasteNew":
    case "tickDeployment":
    case "login":
      return undefined;
  }
}

/** What a person does with a rotation: one thing at a time, what cannot be taken back after a yes. */
export class Runbook {
  /** What is under way. */
  busy = $state.raw<RotationAction["kind"]>();
  /** What waits for a yes. */
  asked = $state.raw<RotationAction>();
  failure = $state.raw<unknown>();

  constructor(
    readonly rotation: () => RotationDetail,
    readonly ondone: (rotation: RotationDetail) => void,
  ) {}

  /** Whether an action wants an access token for the provider's admin interface: a sandbox twin knows us without. */
  wantsToken({ kind }: RotationAction): boolean {
    const { driver, environment } = this.rotation();
    return driver === "keycloak" && environment === "production" && withToken.includes(kind);
  }

  /** Does what a button says, or asks first. */
  start(action: RotationAction): void {
    if (action.confirm === null && !this.wantsToken(action)) void this.carryOut(action);
    else this.asked = action;
  }

  /** @param accessToken is used for this one command and kept nowhere; empty where none is wanted */
  async carryOut(action: RotationAction, accessToken = ""): Promise<void> {
    this.asked = undefined;
    await this.#run(action.kind, () => ask(action, this.rotation().id, accessToken));
  }

  /** Says whether something uses the new secret. */
  tick(deployment: string, moved: boolean): Promise<boolean> {
    return this.#run("tickDeployment", () => call("rotation_tick_deployment", { rotation: this.rotation().id, deployment, moved }));
  }

  /** Sends the new secret as pasted. The caller forgets it, whatever comes of it. */
  paste(request: Omit<RotationPaste, "rotation">): Promise<boolean> {
    return this.#run("pasteNew", () => call("rotation_paste_new", { rotation: this.rotation().id, ...request }));
  }

  /** Starts the login that is to prove the new secret, and says which run that is. */
  async logIn(request: Omit<RotationLogin, "rotation">): Promise<string | undefined> {
    let started: string | undefined;
    await this.#run("login", async () => {
      const rotation = this.rotation().id;
      started = (await call("rotation_login", { rotation, ...request })).run;
      return call("rotation_show", { rotation });
    });
    return started;
  }

  async #run(kind: RotationAction["kind"], command: () => Promise<RotationDetail> | undefined): Promise<boolean> {
    this.busy = kind;
    this.failure = undefined;
    try {
      const rotation = await command();
      if (rotation) this.ondone(rotation);
      return true;
    } catch (cause) {
      this.failure = cause;
      return false;
    } finally {
      this.busy = undefined;
    }
  }
}
