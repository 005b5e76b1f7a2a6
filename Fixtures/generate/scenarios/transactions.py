"""Many transactions of every kind, for questions about what can be reached.

On timeline 1: commits some time apart, an abort, subtransactions that were released and rolled back, transactions that
committed in another order than they began, two prepared ones of which one was committed and one rolled back a segment later,
records of several pages, one that begins in a segment and ends in the next, restore points with the same name
and with a name that occurs once, and a last segment that holds restore points and no commit.
Timeline 2 is a point-in-time recovery to the restore point `fork`, in the middle of a segment: from there on, both timelines
use the same transaction ids, and the restore point `nightly` comes once more.
Between `in two minds` and the next commit lies a second, so that a time target can fall between two segments.
"""

import time

import psycopg2

from branching import branch
from postgres import SOCKETS, Cluster
from stage import Stage


def play(stage: Stage) -> None:
    server = stage.server("example-db", "/homelab-cluster")
    cluster = stage.cluster("example-db-1")
    cluster.query("ALTER SYSTEM SET max_prepared_transactions = 5", record=True)
    cluster.stop()
    cluster.start()
    server.begin_archiving(cluster, "--gzip")
    backup = server.backup(cluster)

    in_turn(cluster)
    cluster.switch()
    out_of_turn(cluster)
    cluster.switch()
    prepared(cluster)
    cluster.switch()
    mark(cluster, "fork")
    on_both_sides(cluster, "the first life")
    cluster.switch()
    large(cluster)
    cluster.write("in two minds")
    cluster.switch()
    time.sleep(1)
    on_both_sides(cluster, "the first life, later")
    cluster.switch()
    mark(cluster, "nightly")
    mark(cluster, "after the last commit")
    server.wait_for_wal(cluster.switch())

    second = branch(stage, server, backup, "example-db-2", "recovery_target_name = 'fork'")
    mark(second, "nightly")
    on_both_sides(second, "the second life")
    second.switch()
    mark(second, "only in the second life")
    on_both_sides(second, "the second life, later")
    server.wait_for_wal(second.switch())


class Session:
    """A connection that stays open, so that transactions can overlap."""

    def __init__(self, cluster: Cluster, name: str):
        self.cluster = cluster
        self.prompt = f"{cluster.name}, session {name}"
        self.connection = psycopg2.connect(
            host=str(SOCKETS), port=cluster.port, user="postgres", dbname="template1"
        )
        # Transactions are begun and ended by hand.
        self.connection.autocommit = True

    def run(self, *statements: str) -> None:
        for statement in statements:
            with self.connection.cursor() as cursor:
                cursor.execute(statement)
            self.cluster.journal.sql(self.prompt, statement)

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_) -> None:
        self.connection.close()


def insert(entry: str) -> str:
    return f"INSERT INTO ledger VALUES (1, '{entry}')"


def mark(cluster: Cluster, name: str) -> None:
    cluster.query(f"SELECT pg_create_restore_point('{name}')", record=True)


def on_both_sides(cluster: Cluster, entry: str) -> None:
    for _ in range(3):
        cluster.write(entry)
        time.sleep(0.05)


def in_turn(cluster: Cluster) -> None:
    on_both_sides(cluster, "one after another")
    mark(cluster, "nightly")
    with Session(cluster, "a") as a:
        a.run("BEGIN", insert("taken back"), "ROLLBACK")
        a.run("BEGIN", insert("above"), "SAVEPOINT s", insert("below"), "RELEASE s", "COMMIT")
        a.run("BEGIN", insert("above"), "SAVEPOINT s", insert("below, taken back"), "ROLLBACK TO s", "COMMIT")
    mark(cluster, "once")
    cluster.write("after the restore point")


def out_of_turn(cluster: Cluster) -> None:
    with Session(cluster, "a") as a, Session(cluster, "b") as b, Session(cluster, "c") as c:
        a.run("BEGIN", insert("began first, committed last"))
        b.run("BEGIN", insert("began second, committed first"))
        c.run("BEGIN", insert("began third, taken back"))
        b.run("COMMIT")
        c.run("ROLLBACK")
        mark(cluster, "nightly")
        a.run("COMMIT")


def prepared(cluster: Cluster) -> None:
    with Session(cluster, "a") as a, Session(cluster, "b") as b:
        a.run("BEGIN", insert("prepared and committed"), "PREPARE TRANSACTION 'kept'")
        b.run("BEGIN", insert("prepared and taken back"), "PREPARE TRANSACTION 'dropped'")
        cluster.write("while two are prepared")
        cluster.switch()
        b.run("ROLLBACK PREPARED 'dropped'")
        a.run("COMMIT PREPARED 'kept'")


def large(cluster: Cluster) -> None:
    message = "SELECT pg_logical_emit_message(false, 'filler', repeat('{letter}', {length}))"
    cluster.query(message.format(letter="x", length=30000), record=True)
    cluster.write("after a record of four pages")
    # Twice more than half a segment: the second one ends in the next.
    cluster.query(message.format(letter="y", length=600000), record=True)
    cluster.query(message.format(letter="z", length=600000), record=True)
