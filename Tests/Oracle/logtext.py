"""What lines of PostgreSQL's log say."""

import re


def found(pattern: str, log: str) -> str | None:
    match = re.search(pattern, log, re.MULTILINE)
    return match.group(1) if match else None


def rfc3339(text: str | None) -> str | None:
    """The time of a log line, in UTC as the recoveries log it."""
    if text is None:
        return None
    day, clock = re.fullmatch(r"(\S+) (\S+?)(?:\+00| UTC)", text).groups()
    # PostgreSQL leaves out zeros at the end; this has six digits or none.
    whole, _, fraction = clock.partition(".")
    return f"{day}T{whole}.{fraction:0<6}Z" if fraction.strip("0") else f"{day}T{whole}Z"
