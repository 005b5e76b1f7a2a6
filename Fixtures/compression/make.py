#!/usr/bin/env python3
"""Writes the samples beside this script, with the calls and libraries of Barman 3.19.1.

    python3 -m venv /tmp/samples
    /tmp/samples/bin/pip install barman==3.19.1 lz4==4.4.5 zstandard==0.25.0 python-snappy==0.7.3 cramjam==2.14.0
    /tmp/samples/bin/python Fixtures/compression/make.py

gzip carries the time of writing, so a second run changes the .gz files in four bytes each.
"""

import io
import pathlib
import zlib

import lz4.frame
import zstandard
from barman.clients import cloud_compression

HERE = pathlib.Path(__file__).parent
EXTENSIONS = {"gzip": ".gz", "bzip2": ".bz2", "xz": ".xz", "snappy": ".snappy", "zstd": ".zst", "lz4": ".lz4"}
MEBIBYTE = 1 << 20

HISTORY = b"1\t0/3000000\tno recovery target specified\n\n2\t0/5000148\tbefore 2026-01-02 03:04:05.678901+00\n"


def noise(count):
    """Bytes that nothing compresses: the high bytes of Knuth's MMIX generator. The tests make the same ones."""
    state = 1
    result = bytearray()
    for _ in range(count):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        result.append(state >> 56)
    return bytes(result)


# One small thing of everything: text, noise, zeros.
PAGE = b"COMMIT 2026-01-02; " * 20 + noise(120) + bytes(1500)

# Longer than any codec's block: whole blocks of noise (stored as they are), of text, and a rest.
LONG = noise(70_000) + PAGE * 60


def archive(name, plain, compressions=EXTENSIONS, level=None):
    """What barman-cloud-wal-archive makes of a WAL file."""
    for compression in compressions:
        packed = cloud_compression.compress(io.BytesIO(plain), compression, level)
        (HERE / (name + EXTENSIONS[compression])).write_bytes(packed.read())


def upload(name, plain, compression):
    """What barman-cloud-backup makes of a tar, which it is given in pieces of 10 KiB."""
    compressor = cloud_compression.get_compressor(compression)
    packed = b"".join(compressor.add_chunk(plain[at : at + 10_240]) for at in range(0, len(plain), 10_240))
    (HERE / (name + EXTENSIONS[compression])).write_bytes(packed + compressor.flush())


(HERE / "history").write_bytes(HISTORY)
(HERE / "page").write_bytes(PAGE)
archive("history", HISTORY)
archive("page", PAGE)
archive("page-highest", PAGE, ["xz"], 9)
archive("page-highest", PAGE, ["zstd"], 22)
archive("long", LONG, ["snappy", "lz4"])
upload("long-tar", LONG, "snappy")
upload("long-tar", LONG, "lz4")

# An idle segment, and the largest one PostgreSQL can have.
archive("zeros-16M", bytes(16 * MEBIBYTE), ["gzip", "bzip2", "xz", "zstd"])
with open(HERE / "zeros-1G.zst", "wb") as file:
    with zstandard.ZstdCompressor(level=4).stream_writer(file, closefd=False) as writer:
        for _ in range(1024):
            writer.write(bytes(MEBIBYTE))

# What Barman does not write and the formats have: checksums, a skippable frame.
checked = zstandard.ZstdCompressor(level=4, write_checksum=True).compress(PAGE)
(HERE / "page-checked.zst").write_bytes(checked)
(HERE / "page-skippable.zst").write_bytes(b"\x53\x2a\x4d\x18" + (5).to_bytes(4, "little") + b"12345" + checked)

(HERE / "page-checked.lz4").write_bytes(lz4.frame.compress(PAGE, content_checksum=True, block_checksum=True))

# An xz stream that asks for a dictionary of 1 GiB: byte 16 says how large, bytes 20 to 23 are the header's CRC-32.
asking = bytearray((HERE / "page.xz").read_bytes())
asking[16] = 36
asking[20:24] = zlib.crc32(asking[12:20]).to_bytes(4, "little")
(HERE / "huge-dictionary.xz").write_bytes(asking)
