// What to think of a request to the callback. `parameters` is its URLSearchParams; `begun` is the state you kept in this
// person's session when you sent them away, or null when you sent nobody away.
export function judgeCallback(parameters, begun) {
  if (begun === null) return "not yours";
  if (parameters.get("state") === begun && parameters.get("code")) return "exchange the code";
  // This provider cancels with the bare address. A person who opens it by hand looks the same: stop waiting, show the page
  // from which a login begins, and change nothing else.
  const isBare = !["code", "error", "state"].some((name) => parameters.has(name));
  return isBare ? "perhaps cancelled" : "not yours";
}
