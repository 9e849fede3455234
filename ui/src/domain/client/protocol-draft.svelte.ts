import type { ClientAuthentication, CustomParameter, Prompt, ProtocolSettings, ResponseMode, SigningAlgorithm } from "$ipc/gen/protocol";

/** The requests that can carry parameters of the user's own, by the name the settings give their list. */
export type ParameterList = "authorizationParameters" | "tokenParameters" | "refreshParameters";

/** Words as one line of text, and back. */
const words = (text: string): string[] => text.split(/\s+/).filter(Boolean);

const copied = (list: readonly CustomParameter[]): CustomParameter[] => list.map((one) => ({ ...one }));

/** What one client's logins do otherwise, as typed. What has no field here stays as it was. */
export class ProtocolDraft {
  authorizationParameters = $state<CustomParameter[]>([]);
  tokenParameters = $state<CustomParameter[]>([]);
  refreshParameters = $state<CustomParameter[]>([]);
  clientAuthentication = $state<ClientAuthentication | "">("");
  assertionSigningAlg = $state<SigningAlgorithm | "">("");
  assertionKeyId = $state("");
  idTokenSignedResponseAlg = $state<SigningAlgorithm | "">("");
  hmacAllowed = $state(false);
  trustedAudiences = $state("");
  responseMode = $state<ResponseMode | "">("");
  loginHint = $state("");
  /** The values of `prompt` with spaces between them, as they are sent. */
  prompt = $state("");
  maxAge = $state("");
  acrValues = $state("");
  acrEssential = $state(false);
  postLogoutRedirectUri = $state("");

  readonly #begun: ProtocolSettings;

  constructor(settings: ProtocolSettings) {
    this.#begun = settings;
    this.authorizationParameters = copied(settings.authorizationParameters);
    this.tokenParameters = copied(settings.tokenParameters);
    this.refreshParameters = copied(settings.refreshParameters);
    this.clientAuthentication = settings.clientAuthentication ?? "";
    this.assertionSigningAlg = settings.assertionSigningAlg ?? "";
    this.assertionKeyId = settings.assertionKeyId ?? "";
    this.idTokenSignedResponseAlg = settings.idTokenSignedResponseAlg ?? "";
    this.hmacAllowed = settings.hmacAllowed;
    this.trustedAudiences = settings.trustedAudiences.join("\n");
    this.responseMode = settings.responseMode ?? "";
    this.loginHint = settings.loginHint ?? "";
    this.prompt = settings.prompt.join(" ");
    this.maxAge = settings.maxAge === null ? "" : String(settings.maxAge);
    this.acrValues = settings.acrValues.join(" ");
    this.acrEssential = settings.acrEssential;
    this.postLogoutRedirectUri = settings.postLogoutRedirectUri ?? "";
  }

  /** What is wrong with `max_age`, which has to be a number before the backend can judge it. */
  get maxAgeIsWrong(): boolean {
    const text = this.maxAge.trim();
    return text !== "" && !(/^\d+$/.test(text) && Number(text) <= 0xffff_ffff);
  }

  /** Assertions are signed only where the client authenticates by one. */
  get signsAssertions(): boolean {
    return this.clientAuthentication === "client_secret_jwt" || this.clientAuthentication === "private_key_jwt";
  }

  /** Whether anything differs from what logins of this provider usually do. */
  get differs(): boolean {
    const { clientAuthentication, idTokenSignedResponseAlg, userinfoSignedResponseAlg, responseMode, loginHint, maxAge, postLogoutRedirectUri, hmacAllowed, ...lists } = this.settings;
    const chosen = [clientAuthentication, idTokenSignedResponseAlg, userinfoSignedResponseAlg, responseMode, loginHint, maxAge, postLogoutRedirectUri].some((one) => one !== null);
    const listed = [lists.authorizationParameters, lists.tokenParameters, lists.refreshParameters, lists.trustedAudiences, lists.prompt, lists.acrValues].some((list) => list.length > 0);
    return chosen || listed || hmacAllowed;
  }

  /** The settings as they would be kept. Parameters keep their places, so that a finding finds its field. */
  get settings(): ProtocolSettings {
    return {
      ...this.#begun,
      authorizationParameters: copied(this.authorizationParameters),
      tokenParameters: copied(this.tokenParameters),
      refreshParameters: copied(this.refreshParameters),
      clientAuthentication: this.clientAuthentication || null,
      assertionSigningAlg: (this.signsAssertions && this.assertionSigningAlg) || null,
      assertionKeyId: (this.signsAssertions && this.assertionKeyId.trim()) || null,
      idTokenSignedResponseAlg: this.idTokenSignedResponseAlg || null,
      hmacAllowed: this.hmacAllowed,
      trustedAudiences: this.trustedAudiences.split("\n").map((line) => line.trim()).filter(Boolean),
      responseMode: this.responseMode || null,
      loginHint: this.loginHint.trim() || null,
      prompt: words(this.prompt) as Prompt[],
      maxAge: this.maxAge.trim() === "" || this.maxAgeIsWrong ? null : Number(this.maxAge),
      acrValues: words(this.acrValues),
      acrEssential: this.acrEssential && words(this.acrValues).length > 0,
      postLogoutRedirectUri: this.postLogoutRedirectUri.trim() || null,
    };
  }
}
