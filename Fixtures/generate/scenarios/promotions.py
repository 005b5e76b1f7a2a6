"""Two promotions: timelines 1, 2 and 3, a backup on each.

The first promotion is a failover after which the old primary was still alive: it went on archiving timeline 1, past the fork.
So the switch segment of timeline 1 lies there whole, with records that recovery must not replay, and as the `.partial`
that the new primary archived. The second one is a switchover: the primary was stopped first, and archived its
last segment while it stopped.
The `.backup` objects that belong to no Barman backup come from pg_basebackup, with which the standbys were made.
"""

from lineages import promote, promote_standby
from stage import Stage


def play(stage: Stage) -> None:
    promotion = promote_standby(stage)
    server, second = promotion.server, promotion.new_primary
    third = stage.standby(second, "example-db-3")
    server.fill(second, 2)
    second.write("the last that both know")
    second.wait_for_standby()
    second.stop("fast")
    promote(server, third)
    server.fill(third, 2)
    server.backup(third)
    server.fill(third, 2)
