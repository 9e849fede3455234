import hmac


def judge_callback(parameters: dict[str, str], begun: str | None) -> str:
    """What to think of a request to the callback.

    `begun` is the state you kept in this person's session when you sent them away, or None when you sent nobody away.
    """
    if begun is None:
        return "not yours"
    if parameters.get("code") and hmac.compare_digest(parameters.get("state", "").encode(), begun.encode()):
        return "exchange the code"
    # This provider cancels with the bare address. A person who opens it by hand looks the same: stop waiting, show the page
    # from which a login begins, and change nothing else.
    is_bare = not {"code", "error", "state"} & parameters.keys()
    return "perhaps cancelled" if is_bare else "not yours"
