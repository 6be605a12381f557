"""
How version 2 signs a webhook: not at all, as far as the news itself is concerned.

The secret is the account's e-mail address, and what is signed is a time and nothing else. So the
signature proves that the sender knows the address; it says nothing about the rest of the body.
"""

from hmac import digest


def verify_info(email: str, moment: int) -> dict[str, str]:
    """
    Give what stands under `verifyInfo`.

    Assumed: the signed text is the time of sending in Unix seconds.

    Args:
        email: The account's e-mail address.
        moment: When the body is sent, Unix seconds.
    """
    text = str(moment)
    return {"timeStr": text, "signature": sign(email, text)}


def sign(email: str, text: str) -> str:
    """Sign a text: HMAC-SHA256 with the address as key, in lower-case hexadecimal digits."""
    return digest(email.encode(), text.encode(), "sha256").hex()
