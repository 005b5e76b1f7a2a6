"""Random archives: what may lie below a server's directory, likely and unlikely things."""

import datetime
import random

NOW = datetime.datetime(2026, 11, 20, 12, 0, 0, tzinfo=datetime.timezone.utc)
SERVER = "srv"
EXTENSIONS = ["", ".gz", ".bz2", ".xz", ".snappy", ".zst", ".lz4"]


class Archive:
    """Keys with their bodies, `None` for those of which only the key counts."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.path = self.random.choice(["", "pre", "pre/", "a/b"])
        joined = self.path if not self.path or self.path.endswith("/") else self.path + "/"
        self.base = f"{joined}{SERVER}/base"
        self.wals = f"{joined}{SERVER}/wals"
        self.annotations = f"{self.path}/{SERVER}/base" if self.path else f"{SERVER}/base"
        # 64 segments a log, or 4, so that a few segments cross from one directory to the next.
        self.per_log = self.random.choice([256, 256, 4, 4, 64])
        self.usual = self.random.choice([".gz", ".gz", ".gz", *EXTENSIONS])
        self.objects: dict[str, str | None] = {}
        self.fill()

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def name(self, timeline: int, number: int) -> str:
        return f"{timeline:08X}{number // self.per_log:08X}{number % self.per_log:08X}"

    # What happens to a cluster: WAL, backups now and then, promotions now and then.

    def fill(self):
        timelines = 1
        timeline = 1
        number = self.random.choice([3, self.per_log - 3, 2 * self.per_log - 2, 5 * self.per_log + 1])
        count = self.random.choice([0, 1, 2, 3, 3, 4, 4, 5, 5, 6, 7, 8])
        ages = sorted((self.age() for _ in range(count)), reverse=True)
        ids = set()
        for index in range(count):
            number = self.write_wal(timeline, number, self.random.choice([0, 1, 2, 3, 5]))
            if self.chance(0.2):
                # A promotion; now and then the old primary goes on, or comes back.
                timelines += 1
                if self.chance(0.9):
                    history = f"{timeline}\t{number // self.per_log:X}/{number % self.per_log:X}\tno reason\n"
                    self.objects[f"{self.wals}/{timelines:08X}.history{self.extension()}"] = history
                if self.chance(0.5):
                    self.put_wal(f"{self.name(timeline, number)}.partial")
                if self.chance(0.3):
                    self.write_wal(timeline, number, self.random.randint(1, 4))
                timeline = timelines
            elif timelines > 1 and self.chance(0.1):
                timeline = self.random.randint(1, timelines)
            first = number
            number = self.write_wal(timeline, number, self.random.choice([1, 1, 2, 3]))
            ended = NOW - ages[index]
            began = ended - datetime.timedelta(minutes=7)
            stamp = began if self.chance(0.93) else began + datetime.timedelta(hours=self.random.randint(-60, 60))
            identifier = stamp.strftime("%Y%m%dT%H%M%S")
            while identifier in ids:
                stamp += datetime.timedelta(seconds=1)
                identifier = stamp.strftime("%Y%m%dT%H%M%S")
            ids.add(identifier)
            if self.chance(0.02):
                identifier = self.random.choice(["zzz", "00", "manual backup"])
            self.put_backup(identifier, timeline, first, number - 1, began, ended)
        self.write_wal(timeline, number, self.random.randint(0, 4))
        if self.chance(0.3):
            self.put_odd_wal()
        if self.chance(0.15):
            self.put_odd_backups()

    def age(self) -> datetime.timedelta:
        days = self.random.choice([0, 1, 1, 2, 3, 5, 6, 7, 8, 13, 14, 15, 30, 31, 32, 62, 63])
        # Exactly at the begin of a window, now and then.
        return datetime.timedelta(days=days, hours=self.random.choice([0, 0, 1, 9]), seconds=1)\
            - datetime.timedelta(seconds=self.random.choice([0, 1, 1, 2]))

    # WAL.

    def extension(self) -> str:
        return self.usual if self.chance(0.93) else self.random.choice(EXTENSIONS)

    def put_wal(self, name: str):
        self.objects[f"{self.wals}/{name[:16]}/{name}{self.extension()}"] = None

    def write_wal(self, timeline: int, number: int, count: int) -> int:
        for current in range(number, number + count):
            if self.chance(0.04):
                continue
            name = self.name(timeline, current)
            self.put_wal(name)
            if self.chance(0.04):
                self.put_wal(name)
            if self.chance(0.03):
                self.put_wal(name + ".partial")
            if self.chance(0.01):
                # In another directory.
                place = self.random.choice(["", f"{timeline:08X}{0:08X}/", "sub/", f"{name[:16]}/sub/"])
                self.objects[f"{self.wals}/{place}{name}{self.extension()}"] = None
        return number + count

    def put_odd_wal(self):
        directories = sorted({key[len(self.wals) + 1:].split("/")[0] for key in self.objects
                              if key.startswith(self.wals + "/") and key.count("/") > self.wals.count("/") + 1})
        for _ in range(self.random.randint(1, 5)):
            directory = self.random.choice(directories or ["0000000100000000"])
            name = self.name(self.random.randint(1, 3), self.random.randint(0, 3 * self.per_log))
            odd = self.random.choice([
                f"{directory}/notes.txt", f"{directory}/{name}.gz.bak", f"{directory}/{name}.zip",
                f"{directory}/{name.lower()}.gz", f"{directory.lower()}/{name}.gz", f"{directory}/{name[:23]}",
                f"{directory}/00000002.history", f"{directory}/", f"{directory}/sub/{name}.gz", f"{name}.gz",
                f"notes/{name}.gz", "notes.txt", f"{directory}/{name}.0000002.backup", f"0/{name}.partial.gz",
                f"{directory}/{name}.00000028.backup", f"{name[:16]}/{name}.00000028.backup.gz",
                f"{name[:8]}0000000A/{name}.bz2", f"zzz/{name}.partial", f"{name[:16]}/{name[:8]}0000000e.gz",
            ])
            self.objects.setdefault(f"{self.wals}/{odd}", None)

    # Backups.

    def put_backup(self, identifier, timeline, first, last, began, ended):
        directory = f"{self.base}/{identifier}"
        tablespaces = self.random.sample([16387, 16388, 163], self.random.choice([0, 0, 0, 1, 2]))
        self.put_tars(directory, tablespaces)
        if self.chance(0.1):
            self.objects[f"{directory}/{self.random.choice(['backup_label', 'notes.txt', 'x/y'])}"] = None
        if self.chance(0.5):
            self.put_wal(f"{self.name(timeline, first)}.{40 + self.random.choice([0, 0, 56]):08X}.backup")
        if self.chance(0.18):
            keep = self.random.choice(["full", "standalone", "standalone", "standalone\n", "", "what\nelse"])
            self.objects[f"{self.annotations}/{identifier}/annotations/keep"] = keep
        if self.chance(0.04):
            return
        status = self.random.choice(["DONE"] * 13 + ["FAILED", "STARTED", "WAITING_FOR_WALS", "EMPTY", "SYNCING", "done"])
        size = (1 << 32) // self.per_log
        position = lambda number, offset: f"{number // self.per_log:X}/{number % self.per_log * size + offset:X}"
        fields = {
            "begin_time": began.isoformat(sep=" "), "begin_wal": self.name(timeline, first),
            "begin_xlog": position(first, 40), "end_time": ended.isoformat(sep=" "),
            "end_wal": self.name(timeline, last), "end_xlog": position(last, 344), "server_name": "cloud",
            "status": status, "timeline": str(timeline), "xlog_segment_size": str(size),
        }
        if tablespaces:
            fields["tablespaces"] = repr([(f"t{oid}", oid, f"/{oid}") for oid in tablespaces])
        if status in ("FAILED", "STARTED"):
            for field in ("end_time", "end_wal", "end_xlog"):
                if self.chance(0.7):
                    fields[field] = "None"
        self.spoil(fields)
        self.objects[f"{directory}/backup.info"] = "".join(f"{k}={v}\n" for k, v in sorted(fields.items()))

    def spoil(self, fields):
        if self.chance(0.985):
            return
        spoiled = self.random.choice([
            ("end_time", "None"), ("begin_wal", "None"), ("timeline", "None"), ("timeline", "one"),
            ("children_backup_ids", "20260101T000000"), ("parent_backup_id", "20260101T000000"), ("future", "1"),
            ("end_wal", "None"), ("status", "None"),
        ])
        fields[spoiled[0]] = spoiled[1]

    def put_tars(self, directory, tablespaces):
        for owner in ["data", *tablespaces]:
            if self.chance(0.03):
                continue
            extension = self.random.choice([".gz", ".gz", ".bz2", "", ".snappy", ".lz4", ".zst"])
            self.objects[f"{directory}/{owner}.tar{extension}"] = None
            if self.chance(0.04):
                self.objects[f"{directory}/{owner}.tar{self.extension()}"] = None
            for part in range(1, self.random.choice([1, 1, 1, 1, 2, 3])):
                self.objects[f"{directory}/{owner}_{part:04d}.tar{extension if self.chance(0.95) else '.xz'}"] = None
        if self.chance(0.06):
            odd = self.random.choice(["16400.tar.gz", "data_x.tar.gz", "data_1.tar", "data_0001.b.tar.gz", "data",
                                      "dataset.tar.gz", "data.tar.zip", "data_x/y", "1638.tar", "data.tar.gz.bak"])
            self.objects[f"{directory}/{odd}"] = None

    def put_odd_backups(self):
        for _ in range(self.random.randint(1, 2)):
            identifier = self.random.choice(["20200101T000000", "20270101T000000", "odd"])
            odd = self.random.choice(["annotations/keep", "data.tar.gz", "", "notes"])
            self.objects.setdefault(f"{self.base}/{identifier}/{odd}", "full" if odd == "annotations/keep" else None)
