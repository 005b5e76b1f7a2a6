"""As `promotions`, with one promotion, and timeline 2's own copy of the switch segment deleted.

The parent's whole copy is there. PostgreSQL takes it instead, replays records from behind the fork, and then stops.
Whether the hole is also reported as a `wal-gap` is left open.
"""

from lineages import promote_standby
from stage import Stage


def play(stage: Stage) -> None:
    promotion = promote_standby(stage)
    server = promotion.server
    lost = promotion.switch_on_child
    server.loses(lost, lost, promotion.new_primary.segment_size)
    server.expects("switch-segment-missing", timeline=2, segment=lost)
    server.tolerates("wal-gap", timeline=2, segment=lost, lastSegment=lost)
