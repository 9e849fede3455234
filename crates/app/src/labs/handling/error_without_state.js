// What to think of a request to the callback. `parameters` is its URLSearchParams; `begun` is the state you kept in this
// person's session when you sent them away, or null when you sent nobody away.
export function judgeCallback(parameters, begun) {
  if (begun === null) return "not yours";
  if (parameters.get("state") === begun) {
    if (parameters.has("error")) return "refused by the provider";
    return parameters.get("code") ? "exchange the code" : "not yours";
  }
  // This provider cancels without the right state. Anybody can send that: stop waiting, show the page from which a login
  // begins, and change nothing else. Never take a code here.
  return parameters.has("error") && !parameters.has("code") ? "perhaps cancelled" : "not yours";
}
