"""Makes a new cluster small, so that a base backup compresses to about 300 kB.

The cluster stays a working one for everything the scenarios and Barman do with it. What goes are things that
only fill the tar: the databases `postgres` and `template0`, `information_schema`, system views,
collations, comments, and functions on types that no scenario uses.
"""

KEPT_VIEWS = [
    "pg_settings", "pg_user", "pg_shadow", "pg_roles", "pg_file_settings", "pg_stat_archiver", "pg_stat_activity",
    "pg_stat_replication", "pg_replication_slots",
]  # fmt: skip

KEPT_STATISTICS = ["pg_stat_get_archiver", "pg_stat_get_wal_senders", "pg_stat_get_activity"]

UNUSED_TYPES = (
    "point lseg path box polygon line circle money cidr inet macaddr macaddr8 tsvector tsquery gtsvector "
    "xml json jsonb jsonpath bit varbit timetz anyrange anymultirange interval time bytea numeric bpchar float4"
).split()


def quoted(names: list[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


# Single-user mode ends a statement at the end of its line.
STATEMENTS = f"""\
UPDATE pg_database SET datistemplate = false;
DROP DATABASE template0;
DROP DATABASE postgres;
DROP SCHEMA information_schema CASCADE;
DO $$ DECLARE v text; BEGIN FOR v IN SELECT relname FROM pg_class WHERE relkind = 'v' \
AND relname NOT IN ({quoted(KEPT_VIEWS)}) \
LOOP EXECUTE 'DROP VIEW IF EXISTS pg_catalog.' || v || ' CASCADE'; END LOOP; END $$;
DELETE FROM pg_proc WHERE prolang = 12 \
AND proargtypes::oid[] && ARRAY[{quoted(UNUSED_TYPES)}]::regtype[]::oid[] \
AND oid NOT IN (SELECT amproc FROM pg_amproc);
DELETE FROM pg_proc WHERE proname LIKE 'pg_stat_get%' AND proname NOT IN ({quoted(KEPT_STATISTICS)});
DELETE FROM pg_description;
DELETE FROM pg_shdescription;
DELETE FROM pg_collation WHERE collname NOT IN ('default', 'C', 'POSIX', 'ucs_basic');
DELETE FROM pg_statistic;
DELETE FROM pg_conversion;
DELETE FROM pg_depend WHERE deptype = 'i';
VACUUM FULL;
"""
