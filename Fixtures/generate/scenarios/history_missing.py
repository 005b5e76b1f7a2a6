"""As `promotions`, with one promotion, and `00000002.history.gz` deleted.

Recovery stays on timeline 1 without a word. By names alone it cannot be told where timeline 2 begins, so what an inspector
says about the `.partial` and about the segments of timeline 2 before its backup is left open.
"""

from lineages import promote_standby
from stage import Stage


def play(stage: Stage) -> None:
    promotion = promote_standby(stage)
    server = promotion.server
    server.bucket.delete(server.wal_key("00000002.history"))
    server.expects("history-missing", timeline=2)
    server.tolerates("wal-orphan", timeline=2)
    server.tolerates("partial-elsewhere", timeline=1, segment=promotion.switch_on_parent)
