import { originOf } from "./origin";

/** What is typed to take over a client that was registered before. */
export class TakeOver {
  /** `registration_client_uri`. */
  address = $state("");
  /** `registration_access_token`. */
  token = $state("");
  /** The person says that an address elsewhere belongs to the provider. */
  agreed = $state(false);

  /** Scheme, host and port of the address: what is agreed to. */
  get place(): string {
    return originOf(this.address);
  }
}
