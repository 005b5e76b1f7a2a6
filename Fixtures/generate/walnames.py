"""Names of WAL files: arithmetic on segments, and what an object's name says."""

import bz2
import gzip
import lzma
import re
from collections.abc import Callable

import lz4.frame
import snappy
import zstandard

SEGMENT = re.compile(r"[0-9A-Fa-f]{24}")
PARTIAL = re.compile(r"[0-9A-F]{24}\.partial")
HISTORY = re.compile(r"[0-9A-F]{8}\.history")

DECOMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.decompress,
    ".bz2": bz2.decompress,
    ".xz": lzma.decompress,
    ".snappy": lambda body: snappy.StreamDecompressor().decompress(body),
    ".zst": lambda body: zstandard.ZstdDecompressor().decompressobj().decompress(body),
    ".lz4": lz4.frame.decompress,
}


def split_extension(key: str) -> tuple[str, str]:
    """Splits the last component of a key into the file's name and its compression extension."""
    name = key.rsplit("/", 1)[-1]
    for extension in DECOMPRESSORS:
        if name.endswith(extension):
            return name.removesuffix(extension), extension
    return name, ""


def decompress(key: str, body: bytes) -> bytes:
    """The file as PostgreSQL handed it to Barman, decided by the extension alone, as Barman does."""
    _, extension = split_extension(key)
    return DECOMPRESSORS[extension](body) if extension else body


def segment_number(name: str, segment_size: int) -> int:
    """The number of a segment, counted from the beginning of the WAL stream."""
    return int(name[8:16], 16) * (2**32 // segment_size) + int(name[16:24], 16)


def segment_name(timeline: int, number: int, segment_size: int) -> str:
    per_log = 2**32 // segment_size
    return f"{timeline:08X}{number // per_log:08X}{number % per_log:08X}"


def segment_of_lsn(lsn: str, segment_size: int) -> int:
    """The number of the segment that contains a position such as `0/3000028`."""
    high, low = lsn.split("/")
    return ((int(high, 16) << 32) + int(low, 16)) // segment_size


def segment_range(first: str, last: str, segment_size: int) -> list[str]:
    """The names from one segment to another of its timeline, both included."""
    numbers = range(segment_number(first, segment_size), segment_number(last, segment_size) + 1)
    return [segment_name(int(first[:8], 16), number, segment_size) for number in numbers]
