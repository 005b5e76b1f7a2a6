"""What is asked of each scenario."""

from datetime import datetime, timedelta

import replay
from archive import FIXTURES


def healthy_gzip(chooser) -> None:
    first = chooser.journey()
    first.everything(first.records())
    first.timelines("latest", label="end", more=["02", "0x1"])
    backup_end(first)
    spellings(first)
    last = chooser.journey(2)
    last.glance(last.records())
    # Between the backups: too early for the last one.
    last.ask("time-between-backups", "time", "2026-01-01 00:00:00+00")


def spellings(journey) -> None:
    """The same targets in other words, and words that are none."""
    middle = [record for record in journey.records() if record.ends_transaction][3]
    day, clock = middle.time.split(" ")
    for label, value in {
        "z": f"{day} {clock}Z",
        "rfc3339-z": f"{day}T{clock}Z",
        "rfc3339-offset": f"{day}T{clock}+00:00",
        "no-offset": f"{day} {clock}",
        "utc": f"{day} {clock} UTC",
        "other-offset": f"{moment(middle) + timedelta(hours=2)}+02",
        "berlin": f"{moment(middle) + timedelta(hours=1)} Europe/Berlin",
        "seven-digits": f"{day} {clock}4+00",
        "day": day,
        "no-such-day": "2026-02-30 00:00:00+00",
        "no-such-minute": f"{day} 25:61:00+00",
        "now": "now",
        "infinity": "infinity",
        "nonsense": "soon",
    }.items():
        journey.ask(f"spelling-time-{label}", "time", value)
    lsn = replay.text(middle.start)
    for label, value in {
        "lower-case": lsn.lower(),
        "leading-zeros": "0000/" + lsn.split("/")[1].zfill(8),
        "no-slash": lsn.replace("/", ""),
        "nonsense": "here",
    }.items():
        journey.ask(f"spelling-lsn-{label}", "lsn", value)
    # An epoch before a transaction id is cut off.
    for value in (f"0{middle.top_level}", str((1 << 32) + middle.top_level), "0", "-1", "seven"):
        journey.ask(f"spelling-xid-{value}", "xid", value)
    for value in ("0", "-1", "Latest", "newest"):
        journey.ask(f"spelling-timeline-{value}", "latest", timeline=value)
    journey.ask("spelling-name-63-bytes", "name", "n" * 63)
    journey.ask("spelling-name-64-bytes", "name", "n" * 64)


def backup_end(journey) -> None:
    """Questions about the last records of a backup, with which it becomes consistent."""
    expected = journey.expected
    begin, end = replay.number(expected["beginLSN"]), replay.number(expected["endLSN"])
    records = [r for r in journey.archived.along(expected["timeline"], begin) if r.start < end]
    journey.ask_both("lsn-backup-end-record", "lsn", replay.text(records[-1].start))
    journey.ask("lsn-backup-end-record-after", "lsn", replay.text(records[-1].start + 1))
    journey.ask("lsn-backup-checkpoint", "lsn", replay.text(records[-2].start))


def gap_between_backups(chooser) -> None:
    first = chooser.journey()
    reachable = first.records()
    first.everything(reachable)
    beyond = [record for record in first.archived.own(1) if record.start > reachable[-1].start]
    behind_gap(first, beyond)
    last = chooser.journey(2)
    last.glance(last.records())


def gap_in_backup(chooser) -> None:
    first, second, third = (chooser.journey(number) for number in range(3))
    reachable = first.records()
    first.glance(reachable)
    behind_gap(first, [record for record in first.archived.own(1) if record.start > reachable[-1].start])
    second.ask("latest", "latest")
    second.ask("immediate", "immediate")
    second.ask("lsn-before-gap", "lsn", second.expected["beginLSN"])
    second.ask("lsn-backup-end", "lsn", second.expected["endLSN"])
    ends = [record for record in third.records() if record.ends_transaction]
    second.ask("time-behind-backup", "time", timestamp(ends[0]))
    third.glance(third.records())


def behind_gap(journey, beyond: list) -> None:
    """Questions about what lies behind a hole."""
    size = journey.archived.size
    ends = [record for record in beyond if record.ends_transaction]
    journey.ask_both("time-behind-gap", "time", timestamp(ends[0]))
    journey.ask("lsn-in-gap", "lsn", replay.text(beyond[0].start // size * size - size + 40))
    journey.ask("lsn-behind-gap", "lsn", replay.text(beyond[0].start))
    journey.ask("xid-behind-gap", "xid", ends[0].top_level)


def timestamp(record) -> str:
    return f"{record.time}+00"


def moment(record) -> datetime:
    return datetime.fromisoformat(record.time)


def forks(journey, child: int) -> None:
    """Questions about a fork and both sides of it."""
    parent, switch = journey.archived.parents(child)[-1]
    size = journey.archived.size
    old = [r for r in journey.archived.own(parent) if r.start >= switch and r.ends_transaction]
    new = [r for r in journey.archived.own(child) if r.start >= switch and r.ends_transaction]
    known = [r for r in journey.records(child) if r.start < switch and r.ends_transaction]
    journey.ask_both(f"lsn-fork-{child}", "lsn", replay.text(switch))
    journey.ask(f"lsn-fork-{child}-before", "lsn", replay.text(switch - 1))
    journey.ask(f"lsn-fork-{child}-after", "lsn", replay.text(switch + 1))
    journey.ask(f"lsn-fork-{child}-segment", "lsn", replay.text(switch // size * size))
    if known:
        journey.ask(f"time-fork-{child}-last-common", "time", timestamp(known[-1]))
        journey.ask(f"xid-fork-{child}-last-common", "xid", known[-1].top_level)
    if new:
        journey.ask(f"time-fork-{child}-first-new", "time", timestamp(new[0]))
        journey.ask(f"time-fork-{child}-last-new", "time", timestamp(new[-1]))
        journey.ask(f"xid-fork-{child}-first-new", "xid", new[0].top_level)
    if old:
        journey.ask(f"time-fork-{child}-first-old", "time", timestamp(old[0]))
        journey.ask(f"xid-fork-{child}-first-old", "xid", old[0].top_level)
        journey.ask(f"xid-fork-{child}-last-old", "xid", old[-1].top_level)
        journey.ask(f"lsn-fork-{child}-last-old", "lsn", replay.text(old[-1].start))


def promotions(chooser) -> None:
    for number in range(3):
        journey = chooser.journey(number)
        journey.timelines("latest", label="end")
        journey.timelines("immediate")
    first = chooser.journey()
    first.everything(first.records(3))
    forks(first, 2)
    forks(first, 3)
    abandoned = chooser.journey(0, timeline="current")
    forks(abandoned, 2)
    second = chooser.journey(1)
    forks(second, 3)
    forks(chooser.journey(1, timeline=2), 3)
    last = chooser.journey(2)
    last.glance(last.records())
    whole = chooser.journey(label="backup1-no-partial", no_partial=True)
    whole.timelines("latest", label="end")
    forks(whole, 2)


def history_missing(chooser) -> None:
    for number in range(2):
        journey = chooser.journey(number)
        journey.timelines("latest", label="end")
        journey.timelines("immediate")
        journey.glance(journey.records())
    first = chooser.journey()
    new = [record for record in first.archived.own(2) if record.ends_transaction]
    first.ask("time-last-on-2", "time", timestamp(new[-1]))
    first.ask("xid-last-on-2", "xid", new[-1].top_level)
    first.ask("lsn-last-on-2", "lsn", replay.text(new[-1].start))
    whole = chooser.journey(label="backup1-no-partial", no_partial=True)
    whole.timelines("latest", label="end")


def switch_segment_missing(chooser) -> None:
    history_missing(chooser)
    first = chooser.journey()
    forks(first, 2)
    forks(chooser.journey(0, timeline="current"), 2)
    forks(chooser.journey(label="backup1-no-partial-fork", no_partial=True), 2)


def compressions(chooser) -> None:
    first = chooser.journey()
    first.timelines("latest", label="end")
    first.everything(first.records(4))
    for child in (2, 3, 4):
        forks(first, child)
    for timeline in (1, 2, 3):
        forks(chooser.journey(0, timeline=timeline), timeline + 1)
    last = chooser.journey(1)
    last.timelines("latest", label="end")
    last.glance(last.records())
    whole = chooser.journey(label="backup1-no-partial", no_partial=True)
    whole.timelines("latest", label="end")


def orphans(chooser) -> None:
    shadowed = chooser.journey()
    shadowed.everything(shadowed.records())
    whole = chooser.journey(label="backup1-no-partial", no_partial=True)
    whole.glance(shadowed.records())


def shadowed_segment(chooser) -> None:
    shadowed = chooser.journey()
    whole = chooser.journey(label="backup1-no-partial", no_partial=True)
    for journey in (shadowed, whole):
        # Of the archive as it would be without the shadow.
        end = replay.number(journey.expected["endLSN"])
        records = [record for record in journey.archived.own(1, whole=True) if record.start >= end]
        journey.everything(records)
        for number, record in enumerate((r for r in records if r.ends_transaction), 1):
            journey.ask(f"time-of-commit-{number}", "time", timestamp(record))
            journey.ask(f"xid-of-commit-{number}", "xid", record.top_level)
            journey.ask(f"lsn-of-commit-{number}", "lsn", replay.text(record.start))


def larger_segments(chooser) -> None:
    first = chooser.journey()
    records = first.records()
    first.ask("latest", "latest")
    first.ask("immediate", "immediate")
    first.times(records)
    first.positions(records)
    first.transactions(records)
    first.names()
    first.timelines("latest", label="end")
    backup_end(first)


def tablespaces(chooser) -> None:
    first = chooser.journey()
    first.glance(first.records())


def every_backup(chooser) -> None:
    archived = next(iter(chooser.servers.values()))
    for number in range(len(archived.archive.backups)):
        journey = chooser.journey(number)
        journey.ask("latest", "latest")
        journey.ask("immediate", "immediate")


def broken_backups(chooser) -> None:
    every_backup(chooser)
    # Directories that Barman does not list.
    archived = next(iter(chooser.servers.values()))
    base = f"{archived.archive.prefix}base/"
    listing = (FIXTURES / "scenarios" / "broken-backups" / "listing.tsv").read_text().splitlines()
    directories = {line[len(base):].split("/")[0] for line in listing if line.startswith(base)}
    for identifier in sorted(directories - set(archived.archive.backups)):
        chooser.journey(label=f"unlisted-{identifier}", identifier=identifier).ask("latest", "latest")


def keeps(chooser) -> None:
    for server, archived in chooser.servers.items():
        for number in range(len(archived.archive.backups)):
            label = f"{server.split('/')[0]}-backup{number + 1}"
            journey = chooser.journey(number, label=label, server=server)
            journey.ask("latest", "latest")
            journey.ask("immediate", "immediate")
            journey.ask("time-backup-end", "time", journey.expected["endTime"].replace("T", " ").replace("Z", "+00"))


def many_servers(chooser) -> None:
    for server in sorted(chooser.servers):
        journey = chooser.journey(label=server.strip("/").replace("/", "_"), server=server)
        records = journey.records()
        journey.ask("latest", "latest")
        journey.ask("lsn-last", "lsn", replay.text(records[-1].start))


def bare(chooser) -> None:
    journey = chooser.journey(server="base-only/", label="base-only")
    journey.ask("latest", "latest")
    journey.ask("immediate", "immediate")
    journey.ask("lsn-backup-end", "lsn", journey.expected["endLSN"])


def transactions(chooser) -> None:
    first = chooser.journey(timeline="current")
    records = first.records(1)
    first.everything(records)
    ends = [record for record in records if record.ends_transaction]
    for record in ends:
        label = f"{record.kind.lower().replace('_', '-')}-{replay.text(record.start).replace('/', '-')}"
        first.ask_both(f"xid-of-{label}", "xid", record.top_level)
        first.ask_both(f"time-of-{label}", "time", timestamp(record))
        if "subxacts" in record.text:
            first.ask("xid-released-subtransaction", "xid", record.text.rsplit(" ", 1)[-1].rstrip(";"))
    for record in records:
        if record.length > 8192:
            label = f"large-{replay.text(record.start).replace('/', '-')}"
            first.ask_both(f"lsn-{label}", "lsn", replay.text(record.start))
            first.ask(f"lsn-{label}-inside", "lsn", replay.text(record.start + 9000))
            first.ask(f"lsn-{label}-last-byte", "lsn", replay.text(record.end(first.archived.size) - 1))
            first.ask_both(f"lsn-{label}-end", "lsn", replay.text(record.end(first.archived.size)))
    backup_end(first)
    names = [record.text.removeprefix("RESTORE_POINT ") for record in records if record.kind == "RESTORE_POINT"]
    for name in dict.fromkeys(names):
        if not name.startswith("barman_"):
            first.ask_both(f"name-{name.replace(' ', '-')}", "name", name)
    first.ask("name-of-other-branch", "name", "only in the second life")
    prepares = [record for record in records if record.kind == "PREPARE"]
    first.ask("time-of-prepare", "time", timestamp(prepares[0]))
    first.ask_both("lsn-prepare", "lsn", replay.text(prepares[0].start))
    # The second that lies between two segments.
    before = next(a for a, b in zip(ends, ends[1:]) if (moment(b) - moment(a)).total_seconds() >= 0.9)
    first.ask("time-in-the-pause", "time", f"{moment(before) + timedelta(milliseconds=500)}+00")
    second = chooser.journey()
    second.ask("latest", "latest")
    second.ask("immediate", "immediate")
    second.timelines("latest", label="end")
    second.timelines("time", timestamp(ends[-1]), label="time-last-on-1")
    second.timelines("xid", ends[-1].top_level, label="xid-last-on-1")
    second.timelines("name", "nightly", label="name-nightly")
    second.timelines("name", "only in the second life", label="name-second-life")
    second.timelines("name", "after the last commit", label="name-first-life")
    second.timelines("lsn", replay.text(ends[-1].start), label="lsn-last-commit-on-1")
    forks(second, 2)
    forks(first, 2)


def damaged_wal(chooser) -> None:
    journey = chooser.journey()
    journey.timelines("latest", label="end")
    journey.timelines("immediate")
    healthy = journey.records(1)
    last = [record for record in healthy if record.ends_transaction][-1]
    journey.timelines("time", timestamp(last), label="time-last-on-1")
    journey.timelines("lsn", replay.text(healthy[0].start), label="lsn-first")
    for timeline in journey.archived.histories:
        branch = chooser.journey(timeline=timeline)
        names = [name for name in branch.archived.segments if int(name[:8], 16) == timeline]
        size = branch.archived.size
        starts = [(int(name[8:16], 16) * (2**32 // size) + int(name[16:], 16)) * size for name in names]
        for number, start in enumerate(starts, 1):
            branch.ask(f"lsn-segment-{number}", "lsn", replay.text(start + 40))
            branch.ask(f"lsn-segment-{number}-deep", "lsn", replay.text(start + 200_000))
        ends = [record for record in branch.archived.own(timeline) if record.ends_transaction]
        for number, record in enumerate(ends, 1):
            branch.ask(f"time-own-{number}", "time", timestamp(record))
        branch.ask("xid-own-last", "xid", ends[-1].top_level)


def diverged_backup(chooser) -> None:
    first, behind = chooser.journey(0), chooser.journey(1)
    for journey in (first, behind):
        journey.timelines("latest", label="end")
        journey.timelines("immediate")
    forks(first, 2)
    forks(first, 3)
    forks(chooser.journey(0, timeline=2), 2)
    forks(chooser.journey(0, timeline="current"), 3)
    records = behind.records(1)
    chooser.journey(1, timeline="current").glance(records)
    last = [record for record in records if record.ends_transaction][-1]
    behind.timelines("time", f"{last.time}+00", label="time-last-on-1")
    behind.timelines("lsn", replay.text(last.start), label="lsn-last-on-1")
    new = [record for record in behind.archived.own(3) if record.ends_transaction][-1]
    behind.timelines("time", f"{new.time}+00", label="time-last-on-3")


PLANS = {
    "bare": bare,
    "broken-backups": broken_backups,
    "compressions": compressions,
    "damaged-wal": damaged_wal,
    "diverged-backup": diverged_backup,
    "gap-between-backups": gap_between_backups,
    "gap-in-backup": gap_in_backup,
    "healthy-gzip": healthy_gzip,
    "history-empty": history_missing,
    "history-missing": history_missing,
    "keeps": keeps,
    "many-servers": many_servers,
    "missing-parts": every_backup,
    "orphans": orphans,
    "promotions": promotions,
    "segments-16mb": larger_segments,
    "segments-64mb": larger_segments,
    "shadowed-segment": shadowed_segment,
    "switch-segment-missing": switch_segment_missing,
    "tablespaces": tablespaces,
    "transactions": transactions,
}
