import hmac


def judge_callback(parameters: dict[str, str], begun: str | None) -> str:
    """What to think of a request to the callback.

    `begun` is the state you kept in this person's session when you sent them away, or None when you sent nobody away.
    """
    if begun is None:
        return "not yours"
    if hmac.compare_digest(parameters.get("state", "").encode(), begun.encode()):
        if "error" in parameters:
            return "refused by the provider"
        return "exchange the code" if parameters.get("code") else "not yours"
    # This provider cancels without the right state. Anybody can send that: stop waiting, show the page from which a login
    # begins, and change nothing else. Never take a code here.
    return "perhaps cancelled" if "error" in parameters and "code" not in parameters else "not yours"
