"""Chooses the targets to recover to, from what pg_waldump finds in an archive."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import replay
import walnames
from archive import FIXTURES, Archive
from plans import PLANS
from replay import Record

HISTORY_LINE = re.compile(r"^\s*(\d+)\s+([0-9A-F]+/[0-9A-F]+)")
UNUSED_XID = 999_999_999


class Archived:
    """The records of an archive, by timeline and along the way from a backup."""

    def __init__(self, archive: Archive):
        self.archive = archive
        self.size = archive.segment_size or 1 << 20
        self.program = archive.workshop.binaries(archive.major("")) / "pg_waldump"
        listing = (FIXTURES / "scenarios" / archive.scenario / "listing.tsv").read_text().splitlines()
        names = {walnames.split_extension(line.split("\t")[0])[0] for line in listing if "/wals/" in line}
        self.segments = sorted(name for name in names if walnames.SEGMENT.fullmatch(name) and name == name.upper())
        self.histories = sorted(int(name[:8], 16) for name in names if walnames.HISTORY.fullmatch(name))

    def parents(self, timeline: int) -> list[tuple[int, int]]:
        """The ancestors of a timeline and where each was left."""
        file = self.archive.file(f"{timeline:08X}.history") if timeline > 1 else None
        lines = file.read_text().splitlines() if file else []
        matches = [match for match in map(HISTORY_LINE.match, lines) if match]
        return [(int(match[1]), replay.number(match[2])) for match in matches]

    def along(self, timeline: int, start: int) -> list[Record]:
        """The records from a position to the end of a timeline, or to the first hole."""
        ways = [*self.parents(timeline), (timeline, 1 << 63)]
        first, begins = start // self.size, {}
        for (this, _), (_, left) in zip(ways, [(0, 0), *ways]):
            begins[this] = left // self.size
        files: dict[int, Path] = {}
        at = first
        while True:
            candidates = [walnames.segment_name(way, at, self.size) for way, _ in reversed(ways) if begins[way] <= at]
            found = next((file for name in candidates if name in self.segments and (file := self.file(name))), None)
            if found is None:
                break
            files[at] = found
            at += 1
        return [record for record in self.read(files) if record.start >= start]

    def own(self, timeline: int, whole: bool = False) -> list[Record]:
        """The records that lie whole in one segment of a timeline, damaged or cut off as it may be.

        With `whole`, no segment is read from a `.partial`.
        """
        found = []
        for name in self.segments:
            if int(name[:8], 16) == timeline and (file := self.file(name, whole)):
                found += self.read({walnames.segment_number(name, self.size): file})
        return found

    def file(self, name: str, whole: bool = False) -> Path | None:
        file = self.archive.file(name, whole)
        return file if file and file.stat().st_size == self.size else None

    def read(self, files: dict[int, Path]) -> list[Record]:
        scratch = self.archive.directory / "waldump"
        return replay.records(self.archive.workshop, self.program, files, self.size, scratch)


class Journey:
    """Targets that are asked of one backup on one timeline."""

    def __init__(self, archived: Archived, targets: list[dict], backup: str, label: str, timeline, no_partial=False):
        self.archived = archived
        self.targets = targets
        self.backup = backup
        self.label = label
        self.timeline = timeline
        self.no_partial = no_partial

    @property
    def expected(self) -> dict:
        return self.archived.archive.backups[self.backup]

    def ask(self, label: str, kind: str, value=None, inclusive: bool = True, timeline=None) -> None:
        identifier = f"{self.label}-{label}"
        if any(target["id"] == identifier for target in self.targets):
            raise RuntimeError(f"{identifier} twice")
        self.targets.append(
            {
                "id": identifier,
                "server": self.archived.archive.prefix,
                "backup": self.backup,
                "kind": kind,
                "value": None if value is None else str(value),
                "inclusive": inclusive,
                "timeline": timeline or self.timeline,
                "noPartial": self.no_partial,
            }
        )

    def ask_both(self, label: str, kind: str, value) -> None:
        self.ask(label, kind, value)
        self.ask(f"{label}-exclusive", kind, value, inclusive=False)

    # What there is to ask about

    def records(self, timeline: int | None = None) -> list[Record]:
        """The records behind the backup, on the way to a timeline: by default the backup's own."""
        every = self.archived.along(timeline or self.expected["timeline"], replay.number(self.expected["beginLSN"]))
        return [record for record in every if record.start >= replay.number(self.expected["endLSN"])]

    # Bundles of questions

    def glance(self, records: list[Record]) -> None:
        """A few questions of each kind."""
        self.ask("latest", "latest")
        self.ask("immediate", "immediate")
        ends = [record for record in records if record.ends_transaction]
        if not ends:
            return
        middle = ends[len(ends) // 2]
        self.ask("time-middle-before", "time", moved(middle.time, -1))
        self.ask("time-last", "time", moved(ends[-1].time))
        self.ask("lsn-middle", "lsn", replay.text(middle.start))
        self.ask("lsn-last", "lsn", replay.text(records[-1].start))
        self.ask("xid-middle", "xid", middle.top_level)

    def times(self, records: list[Record]) -> None:
        ends = [record for record in records if record.ends_transaction]
        first, middle, last = ends[0], ends[len(ends) // 2], ends[-1]
        self.ask("time-an-hour-before-backup", "time", moved(self.expected["beginTime"], -3_600_000_000))
        self.ask("time-backup-begin", "time", moved(self.expected["beginTime"]))
        self.ask("time-backup-end", "time", moved(self.expected["endTime"]))
        self.ask("time-first-before", "time", moved(first.time, -1))
        self.ask_both("time-first", "time", moved(first.time))
        self.ask_both("time-middle", "time", moved(middle.time))
        self.ask("time-middle-before", "time", moved(middle.time, -1))
        self.ask("time-middle-after", "time", moved(middle.time, 1))
        self.ask_both("time-last", "time", moved(last.time))
        self.ask("time-last-before", "time", moved(last.time, -1))
        self.ask("time-last-after", "time", moved(last.time, 1))
        self.ask("time-a-year-later", "time", moved(last.time, 365 * 86_400_000_000))

    def positions(self, records: list[Record]) -> None:
        size = self.archived.size
        begin, end = replay.number(self.expected["beginLSN"]), replay.number(self.expected["endLSN"])
        middle, last = records[len(records) // 2], records[-1]
        boundary = middle.end(size) // size * size + size
        self.ask("lsn-backup-begin", "lsn", replay.text(begin))
        self.ask("lsn-backup-end-before", "lsn", replay.text(end - 1))
        self.ask_both("lsn-backup-end", "lsn", replay.text(end))
        self.ask_both("lsn-record", "lsn", replay.text(middle.start))
        self.ask("lsn-record-after", "lsn", replay.text(middle.start + 1))
        self.ask_both("lsn-record-end", "lsn", replay.text(middle.end(size)))
        self.ask_both("lsn-boundary", "lsn", replay.text(boundary))
        self.ask("lsn-boundary-before", "lsn", replay.text(boundary - 1))
        self.ask("lsn-boundary-header", "lsn", replay.text(boundary + replay.LONG_HEADER))
        self.ask_both("lsn-last", "lsn", replay.text(last.start))
        self.ask_both("lsn-last-after", "lsn", replay.text(last.start + 1))
        self.ask("lsn-end-of-wal", "lsn", replay.text(last.end(size)))
        self.ask("lsn-beyond", "lsn", replay.text(last.start + 64 * size))

    def transactions(self, records: list[Record]) -> None:
        ends = [record for record in records if record.ends_transaction]
        first, last = ends[0], ends[-1]
        self.ask_both("xid-first", "xid", first.top_level)
        self.ask_both("xid-last", "xid", last.top_level)
        self.ask("xid-before-backup", "xid", first.top_level - 1)
        self.ask("xid-next", "xid", max(record.top_level for record in ends) + 1)
        self.ask("xid-unused", "xid", UNUSED_XID)

    def names(self) -> None:
        # Barman makes one at the end of every backup.
        self.ask_both("name-of-barman", "name", f"barman_{self.backup}")
        self.ask("name-missing", "name", "no such restore point")

    def everything(self, records: list[Record]) -> None:
        self.ask("latest", "latest")
        self.ask("immediate", "immediate")
        self.ask("immediate-exclusive", "immediate", inclusive=False)
        self.times(records)
        self.positions(records)
        self.transactions(records)
        self.names()

    def timelines(self, kind: str, value=None, label: str | None = None, more=()) -> None:
        """One target on every timeline there is, and on one there is not."""
        known = sorted({1, *self.archived.histories, *(int(name[:8], 16) for name in self.archived.segments)})
        for timeline in ["latest", "current", *known, known[-1] + 1, *more]:
            self.ask(f"{label or kind}-on-{timeline}", kind, value, timeline=timeline)


def moved(time: str, microseconds: int = 0) -> str:
    """A time in PostgreSQL's own form and in UTC, some microseconds later."""
    moment = datetime.fromisoformat(time.replace("Z", "").replace("T", " "))
    return f"{moment + timedelta(microseconds=microseconds):%Y-%m-%d %H:%M:%S.%f}+00"


class Chooser:
    """What a plan is given: the archives of a scenario, and where to put its targets."""

    def __init__(self, servers: dict[str, Archive]):
        self.servers = {prefix: Archived(archive) for prefix, archive in servers.items()}
        self.targets: list[dict] = []

    def journey(self, backup: int = 0, timeline="latest", label: str | None = None, no_partial: bool = False,
                server: str | None = None, identifier: str | None = None) -> Journey:  # fmt: skip
        """Questions to the backup of this number, in the order of ids."""
        archived = self.servers[server] if server else next(iter(self.servers.values()))
        backups = sorted(archived.archive.backups)
        chosen = identifier or backups[backup]
        number = backups.index(chosen) + 1 if chosen in backups else "none"
        name = label or f"backup{number}" + ("" if timeline == "latest" else f"-tl-{timeline}")
        return Journey(archived, self.targets, chosen, name, timeline, no_partial)


def choose(scenario: str, servers: dict[str, Archive]) -> list[dict]:
    chooser = Chooser(servers)
    PLANS[scenario](chooser)
    return chooser.targets
