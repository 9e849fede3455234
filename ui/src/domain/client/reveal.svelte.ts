import { call } from "$ipc/call";

/**
 * A secret on screen for a short time. The value lives in this object only: in no cache, no store, no address. It goes when the
 * time is over, when it is hidden, and when the component that shows it goes.
 */
export class Reveal {
  value = $state<string>();
  secondsLeft = $state(0);
  #clock: ReturnType<typeof setInterval> | undefined;

  /** Shows the active secret of a client; the person has confirmed it. */
  async show(client: string): Promise<void> {
    const { value, hideAfterMs } = await call("secret_reveal", { client, confirmed: true });
    this.hide();
    const end = Date.now() + hideAfterMs;
    this.value = value;
    this.secondsLeft = Math.ceil(hideAfterMs / 1000);
    this.#clock = setInterval(() => {
      this.secondsLeft = Math.ceil((end - Date.now()) / 1000);
      if (this.secondsLeft <= 0) this.hide();
    }, 250);
  }

  hide(): void {
    clearInterval(this.#clock);
    this.value = undefined;
    this.secondsLeft = 0;
  }
}
