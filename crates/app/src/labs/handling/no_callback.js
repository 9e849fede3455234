// What to think of a request to the callback. `parameters` is its URLSearchParams; `begun` is the login you kept in this
// person's session when you sent them away, `{ state, at }` with `at` in milliseconds, or null when you sent nobody away.
export function judgeCallback(parameters, begun) {
  if (begun === null || parameters.get("state") !== begun.state) return "not yours";
  if (parameters.has("error")) return "refused by the provider";
  return parameters.get("code") ? "exchange the code" : "not yours";
}

// This provider does not come back after a cancel, so nothing calls you: whenever the person opens a page of yours, ask this.
export function waitsStill(begun, now = Date.now()) {
  return begun !== null && now - begun.at < 10 * 60 * 1000;
}
