"""
The signature of a version 2 webhook, which covers only a time.

The key is the account's e-mail address, and the signed text is the time of sending. The signature
proves only that the sender knows the address; it does not protect the rest of the body.
"""

from hmac import digest


def verify_info(email: str, moment: int) -> dict[str, int | str]:
    """
    Return the value of `verifyInfo`. The time is a number, and signed as text.

    Args:
        email: The account's e-mail address.
        moment: When the body is sent, Unix seconds.
    """
    return {"timeStr": moment, "signature": sign(email, moment)}


def sign(email: str, time: int | str) -> str:
    """Return the HMAC-SHA256 of a time with the address as key, in lower-case hexadecimal."""
    return digest(email.encode(), str(time).encode(), "sha256").hex()
