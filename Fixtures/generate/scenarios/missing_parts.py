"""As `tablespaces`, with three backups, each of which lacks something.

The first lacks the tar of the tablespace `cold`, the second has an empty `data_0001.tar.gz`, the third lacks `data_0001.tar.gz`
although `data_0002.tar.gz` is there. (A missing *last* part cannot be seen in names: nothing in the bucket says how many
there were.)
"""

from stage import Stage
from tablespaced import back_up_tablespaces


def play(stage: Stage) -> None:
    made = back_up_tablespaces(stage, backups=3)
    server = made.server
    first, second, third = made.backups

    tablespace = server.backup_key(first, f"{made.cold}.tar.gz")
    server.bucket.delete(tablespace)
    server.expects("backup-data-missing", backup=first, key=tablespace)

    emptied = server.backup_key(second, "data_0001.tar.gz")
    server.bucket.put(emptied, b"", "nothing")
    server.expects("backup-data-missing", backup=second, key=emptied)

    deleted = server.backup_key(third, "data_0001.tar.gz")
    if server.backup_key(third, "data_0002.tar.gz") not in server.bucket.keys():
        raise RuntimeError("the third backup has no data_0002.tar.gz")
    server.bucket.delete(deleted)
    server.expects("backup-data-missing", backup=third, key=deleted)
