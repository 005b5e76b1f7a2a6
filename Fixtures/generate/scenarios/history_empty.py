"""As `history-missing`, but the history object is there and holds a gzip stream of nothing.

PostgreSQL refuses every recovery to the latest timeline. What follows from a fork at an unknown place is left open, as in
`history-missing`.
"""

import gzip

from lineages import promote_standby
from stage import Stage


def play(stage: Stage) -> None:
    promotion = promote_standby(stage)
    server = promotion.server
    key = server.wal_key("00000002.history")
    server.bucket.put(key, gzip.compress(b"", mtime=0), "an empty file, compressed")
    server.expects("history-invalid", timeline=2, key=key)
    server.tolerates("wal-orphan", timeline=2)
    server.tolerates("partial-elsewhere", timeline=1, segment=promotion.switch_on_parent)
