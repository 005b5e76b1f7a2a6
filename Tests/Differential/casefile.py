"""How a case is written down: few bytes, and still to be read."""

import re

SEGMENT = re.compile(r"(?P<place>.*/)(?P<directory>[0-9A-F]{16})/(?P=directory)(?P<segment>[0-9A-F]{8})(?P<rest>\.\w+)?$")


def folded(keys: list[str]) -> list[str]:
    """The keys, in order, with neighbours of one directory and extension as `…/DIRECTORY/FIRST-LAST.gz`."""
    lines: list[str] = []
    runs: dict[tuple, list[int]] = {}
    for key in keys:
        match = SEGMENT.match(key)
        if not match:
            lines.append(key)
            continue
        series = (match["place"], match["directory"], match["rest"] or "")
        runs.setdefault(series, []).append(int(match["segment"], 16))
    for (place, directory, rest), numbers in runs.items():
        start = previous = numbers[0]
        for number in [*numbers[1:], -1]:
            if number != previous + 1:
                lines.append(f"{place}{directory}/*{start:X}-{previous:X}{rest}")
                start = number
            previous = number
    return lines


def mask(keys: list[str], gone: set[str]) -> str:
    """Which of the keys, in order, are gone: a hexadecimal digit for four of them, the first in its highest bit."""
    bits = [key in gone for key in keys] + [False] * (-len(keys) % 4)
    return "".join(f"{sum(bit << 3 - place for place, bit in enumerate(bits[at:at + 4])):x}" for at in range(0, len(bits), 4))
