"""A point-in-time recovery from the archive, whose outcome goes on as a new timeline of the same server."""

from barman import Server
from postgres import Cluster
from stage import Stage


def branch(stage: Stage, server: Server, backup: str, name: str, *settings: str) -> Cluster:
    """Restores a backup, recovers with these settings, promotes, and archives where the WAL came from.

    `postgresql.auto.conf` comes with the backup, and the `archive_command` in it.
    """
    cluster = stage.bare_cluster(name)
    stage.workshop.run(["mkdir", "-p", "-m", "0700", cluster.pgdata])
    server.run("barman-cloud-restore", *server.endpoint, server.destination, server.name, backup, cluster.pgdata)
    cluster.configure()
    restore = " ".join(["barman-cloud-wal-restore", "--no-partial", *server.endpoint, server.destination, server.name])
    lines = [f"restore_command = '{restore} %f %p'", "recovery_target_action = 'promote'", *settings]
    with open(cluster.pgdata / "postgresql.conf", "a") as configuration:
        configuration.write("\n".join(lines) + "\n")
    for line in lines:
        stage.journal.note(f"{name}, postgresql.conf: {stage.journal.clean(line)}")
    signal = ["touch", cluster.pgdata / "recovery.signal"]
    stage.journal.command(signal)
    stage.workshop.run(signal)
    cluster.start()
    cluster.wait_until("SELECT NOT pg_is_in_recovery()")
    server.wait_for_wal(f"{cluster.value('SELECT timeline_id FROM pg_control_checkpoint()'):08X}.history")
    return cluster
