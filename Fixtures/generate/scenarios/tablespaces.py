"""Two tablespaces, and tars split into parts: `data_0001.tar.gz`, `<oid>_0001.tar.gz` and so on.

`--max-archive-size` makes the parts, even when it is tiny; `--min-chunk-size` below 5 MiB has no effect on S3.
"""

from stage import Stage
from tablespaced import back_up_tablespaces


def play(stage: Stage) -> None:
    made = back_up_tablespaces(stage, backups=1)
    (backup,) = made.backups
    keys = made.server.bucket.keys(made.server.backup_key(backup, ""))
    for name in ("data_0001", f"{made.hot}_0001", f"{made.cold}"):
        if made.server.backup_key(backup, f"{name}.tar.gz") not in keys:
            raise RuntimeError(f"{backup} has no {name}.tar.gz")
