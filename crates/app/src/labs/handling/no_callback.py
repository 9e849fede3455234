import hmac
import time


def judge_callback(parameters: dict[str, str], begun: dict | None) -> str:
    """What to think of a request to the callback.

    `begun` is the login you kept in this person's session when you sent them away, {"state": ..., "at": time.time()}, or
    None when you sent nobody away.
    """
    if begun is None or not hmac.compare_digest(parameters.get("state", "").encode(), begun["state"].encode()):
        return "not yours"
    if "error" in parameters:
        return "refused by the provider"
    return "exchange the code" if parameters.get("code") else "not yours"


def waits_still(begun: dict | None) -> bool:
    """This provider does not come back after a cancel, so nothing calls you: ask this whenever the person opens a page."""
    return begun is not None and time.time() - begun["at"] < 10 * 60
