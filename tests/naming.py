"""Names of test cases."""

import re


def stable_repr(value: object) -> str:
    """Return a `repr` without addresses, the same in every process."""
    return re.sub(r" at 0x[0-9a-f]+", "", repr(value))
