// What to think of a request to the callback. `parameters` is its URLSearchParams; `begun` is the state you kept in this
// person's session when you sent them away, or null when you sent nobody away.
export function judgeCallback(parameters, begun) {
  // The state comes first: without it the answer may be anybody's, also a cancel.
  if (begun === null || parameters.get("state") !== begun) return "not yours";
  if (parameters.get("error") === "access_denied") return "cancelled";
  if (parameters.has("error")) return "refused by the provider";
  return parameters.get("code") ? "exchange the code" : "not yours";
}
