"""The archive of a promotion, from which several scenarios start."""

from dataclasses import dataclass

from barman import Server
from postgres import Cluster
from stage import Stage


@dataclass
class Promotion:
    """An archive with a fork: timeline 2 lives on, and the old primary archived timeline 1 past it."""

    server: Server
    new_primary: Cluster
    # The segment that contains the switch point, in the spelling of each timeline.
    switch_on_parent: str
    switch_on_child: str


def promote_standby(stage: Stage) -> Promotion:
    """A backup, a promotion while the old primary runs on, and a backup of the new primary."""
    server = stage.server("example-db", "/homelab-cluster")
    old = stage.cluster("example-db-1")
    server.begin_archiving(old, "--gzip")
    server.backup(old)
    server.fill(old, 2)
    new = stage.standby(old, "example-db-2")
    server.fill(old, 2)

    # The fork comes in the middle of a segment.
    old.write("the last that both know")
    old.wait_for_standby()
    promote(server, new)
    new.write("only on the new timeline")
    switch_on_child = new.switch()
    old.write("only on the abandoned timeline")
    switch_on_parent = old.switch()
    server.wait_for_wal(switch_on_child)
    server.wait_for_wal(switch_on_parent)

    server.fill(old, 2)
    server.fill(new, 2)
    server.backup(new)
    server.fill(new, 2)
    return Promotion(server, new, switch_on_parent, switch_on_child)


def promote(server: Server, standby: Cluster) -> None:
    """Promotes a standby, which from then on archives to the same server directory."""
    timeline = standby.value("SELECT timeline_id FROM pg_control_checkpoint()")
    standby.archive_with(server.archive_command("--gzip"))
    standby.promote()
    server.wait_for_wal(f"{timeline + 1:08X}.history")
