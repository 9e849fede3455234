import hmac


def judge_callback(parameters: dict[str, str], begun: str | None) -> str:
    """What to think of a request to the callback.

    `begun` is the state you kept in this person's session when you sent them away, or None when you sent nobody away.
    """
    # The state comes first: without it the answer may be anybody's, also a cancel.
    if begun is None or not hmac.compare_digest(parameters.get("state", "").encode(), begun.encode()):
        return "not yours"
    if parameters.get("error") == "access_denied":
        return "cancelled"
    if "error" in parameters:
        return "refused by the provider"
    return "exchange the code" if parameters.get("code") else "not yours"
