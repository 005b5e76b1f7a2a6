#!/usr/bin/env bash
# Records what PostgreSQL says: the WAL file of a position at four segment sizes, and timeline histories.
#
#   su postgres -c './make.sh /usr/lib/postgresql/15/bin /some/empty/directory' > /dev/null
#
# It writes wal-file-names.tsv and *.history beside this script, or below the directory named third.
set -euo pipefail
bin=$1
work=$2
out=${3:-$(cd "$(dirname "$0")" && pwd)}
port=${PGPORT:-54391}
export PGTZ=UTC PGPORT=$port PGHOST=$work PGDATABASE=postgres

start() { # data directory
    "$bin/pg_ctl" -D "$1" -w -t 120 -l "$work/log" -o "-p $port -k $work -c listen_addresses=" start
}
stop() { "$bin/pg_ctl" -D "$1" -w -m fast stop; }
ask() { "$bin/psql" -XAtq -v ON_ERROR_STOP=1 -c "$1"; }

# pg_walfile_name_offset looks at the form of the position only, so no WAL has to be written up to there. On a
# boundary PostgreSQL 15 names the segment that ends there.
positions() { # segment size in bytes
    local size=$1 n
    for n in 1 2 15 16 17 255 256 257 1023 1024 4095 4096 4097 65535 65536; do
        for d in -1 0 1 40; do
            printf '%X/%X\n' $((((n * size) + d) >> 32)) $((((n * size) + d) & 0xFFFFFFFF))
        done
    done
    printf '%s\n' 0/28 16/B374D848 FFFFFFFF/1 FFFFFFFF/FFFFFFFF 0/FFFFFFFF 1/0 1/1 7FFFFFFF/80000000 80000000/7FFFFFFF
}

: > "$out/wal-file-names.tsv"
for megabytes in 1 16 64 1024; do
    data=$work/size-$megabytes
    "$bin/initdb" -D "$data" -A trust --no-sync --wal-segsize=$megabytes > "$work/initdb.log"
    echo "max_wal_size = '${megabytes}0MB'" >> "$data/postgresql.conf"
    start "$data"
    size=$((megabytes << 20))
    list=$(positions "$size" | sort -u | sed "s/.*/('&')/" | paste -sd,)
    "$bin/psql" -XAtq -F $'\t' -c "
        SELECT $size, position, file_name, file_offset
        FROM (VALUES $list) AS v(position), LATERAL pg_walfile_name_offset(position::pg_lsn)
        ORDER BY position::pg_lsn" >> "$out/wal-file-names.tsv"
    stop "$data"
    rm -rf "$data"
done

# Timelines: 2 by a promotion without a target, 3 from 2 up to a time, 4 from 3 up to a name.
archive=$work/archive
mkdir -p "$archive"
primary=$work/primary
"$bin/initdb" -D "$primary" -A trust --no-sync --wal-segsize=1 > "$work/initdb.log"
cat >> "$primary/postgresql.conf" << EOF
archive_mode = on
archive_command = 'cp %p $archive/%f'
restore_command = 'cp $archive/%f %p'
max_wal_size = '10MB'
fsync = off
EOF
chmod 700 "$primary"
promote() { # new data directory, setting
    stop "$primary"
    local next=$1
    cp -a "$work/backup" "$next"
    echo "$2" >> "$next/postgresql.conf"
    echo "recovery_target_action = promote" >> "$next/postgresql.conf"
    touch "$next/recovery.signal"
    primary=$next
    start "$primary"
    for _ in $(seq 100); do
        [ "$(ask 'SELECT pg_is_in_recovery()')" = f ] && break
        sleep 0.2
    done
    sed -i '/^recovery_target/d' "$primary/postgresql.conf"
}
write() { ask "CREATE TABLE $1 AS SELECT generate_series(1, 1000); SELECT pg_switch_wal()" > "$work/asked"; }

start "$primary"
"$bin/pg_basebackup" -D "$work/backup" -X none --checkpoint=fast
write one
promote "$work/second" ""
write two
sleep 1
time=$(ask "SELECT now()")
sleep 1
write three
promote "$work/third" "recovery_target_time = '$time'"
write four
ask "SELECT pg_create_restore_point('before the release')" > "$work/asked"
write five
promote "$work/fourth" "recovery_target_name = 'before the release'"
write six
stop "$primary"
cp "$archive"/0000000?.history "$out"
