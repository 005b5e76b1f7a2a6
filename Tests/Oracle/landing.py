"""Finds where the replay of a recovery ended, from its log and from the WAL that it was given."""

import re

import replay
from archive import Archive
from logtext import found, rfc3339
from recovery import Base, Run

SEGMENT = re.compile(r"[0-9A-F]{24}")
HISTORY_LINE = re.compile(r"^\s*(\d+)\s+([0-9A-F]+/[0-9A-F]+)", re.MULTILINE)


def lands_at(target: dict, run: Run, archive: Archive, base: Base, fetched: dict, new: int | None) -> dict | None:
    """Where replay ended; nothing if it did not begin, or broke off with an error on its way."""
    start = found(r"redo done at ([0-9A-F]+/[0-9A-F]+)", run.log)
    if start is None:
        return None
    begin = replay.number(found(r"redo starts at ([0-9A-F]+/[0-9A-F]+)", run.log))
    read = [r for r in replayable(archive, base, target, fetched) if begin <= r.start <= replay.number(start)]
    size = archive.segment_size or 1 << 20
    if not read or read[-1].start != replay.number(start):
        raise RuntimeError(f"{target['id']}: pg_waldump does not show the record at {start}")
    # "redo done at" is the start of the record read last. Where recovery stopped before it, it was not replayed.
    if re.search(r"^LOG:  recovery stopping before", run.log, re.MULTILINE):
        read.pop()
    switch = switch_point(run, new) if new is not None else None
    if "recovery stopping after reaching consistency" in run.log and switch == start:
        read.pop()
    end = replay.text(read[-1].end(size) if read else begin)
    if switch is not None and end != switch:
        raise RuntimeError(f"{target['id']}: {end} was computed, but timeline {new} begins at {switch}")
    timelines = [record.timeline for record in read if record.timeline is not None]
    ends = [record for record in read if record.ends_transaction]
    time = rfc3339(f"{ends[-1].time}+00") if ends else None
    logged = rfc3339(found(r"last completed transaction was at log time (.*)", run.log))
    # A recovery that stops after a commit because of its position does not count it.
    if logged != time and not (target["kind"] == "lsn" and read[-1].ends_transaction):
        raise RuntimeError(f"{target['id']}: the last transaction replayed ended {time}, the log says {logged}")
    timeline = timelines[-1] if timelines else archive.backups[target["backup"]]["timeline"]
    left = switches(target, archive).get(timeline)
    return {
        "lsn": end,
        "lastRecord": replay.text(read[-1].start) if read else None,
        "redoDoneAt": start,
        "time": time,
        "loggedTime": logged,
        "timeline": timeline,
        "pastFork": left is not None and replay.number(end) > left,
    }


def switches(target: dict, archive: Archive) -> dict[int, int]:
    """Where the history of the target's timeline leaves its ancestors."""
    own = archive.backups[target["backup"]]["timeline"]
    wanted = own if target["timeline"] == "current" else None
    if target["timeline"] == "latest":
        wanted = own
        while history(target, archive, wanted + 1) is not None:
            wanted += 1
    wanted = wanted or int(str(target["timeline"]), 0 if "x" in str(target["timeline"]) else 10)
    lines = HISTORY_LINE.findall(history(target, archive, wanted) or "")
    return {int(timeline): replay.number(position) for timeline, position in lines}


def history(target: dict, archive: Archive, timeline: int) -> str | None:
    """A history file that a recovery was given."""
    kept = archive.kept(target["noPartial"]) / f"{timeline:08X}.history"
    status = kept.with_name(f"{kept.name}.status")
    return kept.read_text() if status.exists() and status.read_text().strip() == "0" else None


def switch_point(run: Run, new: int) -> str:
    """Where the new timeline begins: the end of what was replayed."""
    lines = (run.pgdata / "pg_wal" / f"{new:08X}.history").read_text().splitlines()
    return [line for line in lines if line.strip()][-1].split("\t")[1]


def replayable(archive: Archive, base: Base, target: dict, fetched: dict) -> list[replay.Record]:
    """The records of the segments that this recovery was given."""
    size = archive.segment_size or 1 << 20
    files = {}
    for name in fetched:
        if SEGMENT.fullmatch(name):
            at = int(name[8:16], 16) * (2**32 // size) + int(name[16:], 16)
            # The first that was delivered is the one that was replayed; later ones are looked at again at the end.
            files.setdefault(at, archive.kept(target["noPartial"]) / name)
    files = {at: file for at, file in files.items() if file.stat().st_size == size}
    first = min(files, default=0)
    unbroken = {}
    while first in files:
        unbroken[first] = files[first]
        first += 1
    return replay.records(
        archive.workshop, base.binaries / "pg_waldump", unbroken, size, archive.directory / "waldump"
    )
