"""
The signature of a version 2 webhook, which covers only a time.

The key is the account's e-mail address, and the signed text is the time of sending. The signature
proves only that the sender knows the address; it does not protect the rest of the body.
"""

from hmac import digest


def verify_info(email: str, moment: int) -> dict[str, str]:
    """
    Return the value of `verifyInfo`.

    Assumed: the signed text is the time of sending in Unix seconds.

    Args:
        email: The account's e-mail address.
        moment: When the body is sent, Unix seconds.
    """
    text = str(moment)
    return {"timeStr": text, "signature": sign(email, text)}


def sign(email: str, text: str) -> str:
    """Return the HMAC-SHA256 of a text with the address as key, in lower-case hexadecimal."""
    return digest(email.encode(), text.encode(), "sha256").hex()
