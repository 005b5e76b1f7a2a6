#include "archive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

// Segments of 16 MB: 256 of them to each of what PostgreSQL calls a log, and so to each directory.
#define SEGMENT_BYTES (UINT64_C(16) << 20)
#define SEGMENTS_PER_LOG 256

static uint64_t mixed(uint64_t value) {
    value += 0x9e3779b97f4a7c15;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
    value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
    return value ^ (value >> 31);
}

// The first of a timeline's segments, counted from 0. The last timelines are longer by at most one segment.
static uint64_t timeline_start(const struct archive *archive, uint64_t timeline) {
    return (timeline - 1) * archive->segments / archive->timelines;
}

static uint32_t timeline_of(const struct archive *archive, uint64_t ordinal) {
    uint64_t timeline = ordinal * archive->timelines / archive->segments + 1;
    while (timeline < archive->timelines && timeline_start(archive, timeline + 1) <= ordinal) timeline++;
    while (timeline_start(archive, timeline) > ordinal) timeline--;
    return (uint32_t)timeline;
}

// A hole lies in the middle of each of (gaps + 1) equal parts but the last.
static uint64_t segment_number(const struct archive *archive, uint64_t ordinal) {
    uint64_t every = archive->segments / (archive->gaps + 1);
    uint64_t holes = (ordinal + every / 2) / every;
    if (holes > archive->gaps) holes = archive->gaps;
    return 1 + ordinal + holes * archive->gap_length;
}

static uint64_t backup_ordinal(const struct archive *archive, uint32_t backup) {
    uint64_t span = archive->bunched ? archive->segments / 100 : archive->segments;
    return span * backup / archive->backups;
}

static int64_t uploaded(const struct archive *archive, uint64_t ordinal) {
    return archive->until - (int64_t)((archive->segments - 1 - ordinal) * archive->interval);
}

static uint64_t per_server(const struct archive *archive) {
    return 2 * (uint64_t)archive->backups + (archive->timelines - 1) + archive->segments;
}

const char *archive_fault(const struct archive *archive) {
    if (archive->servers < 1 || archive->servers > 99999) return "--servers: wanted 1 to 99999";
    if (archive->timelines < 1 || archive->timelines > 999) return "--timelines: wanted 1 to 999";
    if (archive->segments < 1 || archive->segments > UINT64_C(1) << 32) return "--segments: wanted 1 to 2^32";
    if (archive->timelines > archive->segments) return "--timelines: wanted at most one for each segment";
    if (archive->gaps > archive->segments / 2) return "--gaps: wanted at most one for every two segments";
    if (archive->backups > archive->segments / (archive->bunched ? 100 : 1)) return "--backups: more than segments";
    // The log's number has 32 bits.
    if (segment_number(archive, archive->segments - 1) >> 40) return "--gap-length: the WAL would end behind its last";
    if (strlen(archive->prefix) > KEY_MAX - 128) return "--prefix: too long";
    for (const char *byte = archive->prefix; *byte; byte++)
        if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._/", *byte))
            return "--prefix: wanted letters, digits, and any of -._/";
    size_t length = strlen(archive->prefix);
    if (length > 0 && archive->prefix[length - 1] != '/') return "--prefix: wanted a slash at its end";
    return NULL;
}

uint64_t archive_count(const struct archive *archive) { return archive->servers * per_server(archive); }

struct object archive_object(const struct archive *archive, uint64_t index) {
    struct object object = {.tag = {mixed(index), mixed(~index)}};
    object.server = (uint32_t)(index / per_server(archive));
    uint64_t rest = index % per_server(archive);
    if (rest < 2 * (uint64_t)archive->backups) {
        object.kind = rest % 2 == 0 ? BACKUP_INFO : BACKUP_DATA;
        object.backup = (uint32_t)(rest / 2);
        object.modified = uploaded(archive, backup_ordinal(archive, object.backup)) + 1;
        return object;
    }
    // The history of timeline t stands between the segments of t - 1 and its own, so t - 1 histories come before those.
    rest -= 2 * (uint64_t)archive->backups;
    uint64_t timeline = rest * archive->timelines / (archive->segments + archive->timelines - 1) + 1;
    if (timeline > archive->timelines) timeline = archive->timelines;
    while (timeline < archive->timelines && timeline_start(archive, timeline + 1) + timeline - 1 <= rest) timeline++;
    while (timeline > 1 && timeline_start(archive, timeline) + timeline - 2 > rest) timeline--;
    object.timeline = (uint32_t)timeline;
    if (timeline > 1 && rest == timeline_start(archive, timeline) + timeline - 2) {
        object.kind = HISTORY;
        object.modified = uploaded(archive, timeline_start(archive, timeline));
        return object;
    }
    uint64_t ordinal = rest - (timeline - 1);
    object.kind = SEGMENT;
    object.segment = segment_number(archive, ordinal);
    object.modified = uploaded(archive, ordinal);
    return object;
}

static void utc(int64_t seconds, const char *format, char text[32]) {
    time_t time = (time_t)seconds;
    struct tm parts;
    gmtime_r(&time, &parts);
    strftime(text, 32, format, &parts);
}

static size_t hexadecimal(uint32_t value, char *text) {
    for (int shift = 28, i = 0; shift >= 0; shift -= 4, i++) text[i] = "0123456789ABCDEF"[(value >> shift) & 15];
    return 8;
}

size_t archive_key(const struct archive *archive, const struct object *object, char *key) {
    size_t length = strlen(archive->prefix);
    memcpy(key, archive->prefix, length);
    memcpy(key + length, "server-00000/", 13);
    length += 12;
    uint32_t number = object->server;
    for (size_t digit = 1; digit <= 5; digit++, number /= 10) key[length - digit] = (char)('0' + number % 10);
    length += 1;
    if (object->kind == BACKUP_INFO || object->kind == BACKUP_DATA) {
        char id[32];
        utc(uploaded(archive, backup_ordinal(archive, object->backup)), "%Y%m%dT%H%M%S", id);
        const char *name = object->kind == BACKUP_INFO ? "backup.info" : "data.tar.gz";
        return length + (size_t)snprintf(key + length, 64, "base/%s/%s", id, name);
    }
    memcpy(key + length, "wals/", 5);
    length += 5;
    length += hexadecimal(object->timeline, key + length);
    if (object->kind == HISTORY) {
        memcpy(key + length, ".history.gz", 11);
        return length + 11;
    }
    uint32_t log = (uint32_t)(object->segment / SEGMENTS_PER_LOG);
    length += hexadecimal(log, key + length);
    key[length++] = '/';
    memcpy(key + length, key + length - 17, 16);
    length += 16;
    length += hexadecimal(object->segment % SEGMENTS_PER_LOG, key + length);
    memcpy(key + length, ".gz", 3);
    return length + 3;
}

uint64_t archive_position(const struct archive *archive, const char *bytes, size_t length) {
    uint64_t low = 0, high = archive_count(archive);
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        struct object object = archive_object(archive, middle);
        char key[KEY_MAX];
        size_t size = archive_key(archive, &object, key);
        int order = memcmp(key, bytes, size < length ? size : length);
        if (order < 0 || (order == 0 && size < length)) low = middle + 1;
        else high = middle;
    }
    return low;
}

bool archive_find(const struct archive *archive, const char *key, uint64_t *index) {
    *index = archive_position(archive, key, strlen(key));
    if (*index == archive_count(archive)) return false;
    struct object object = archive_object(archive, *index);
    char found[KEY_MAX];
    size_t length = archive_key(archive, &object, found);
    return length == strlen(key) && memcmp(found, key, length) == 0;
}

static size_t name_of(uint32_t timeline, uint64_t segment, char name[25]) {
    return (size_t)snprintf(
        name, 25, "%08X%08X%08X", timeline, (uint32_t)(segment / SEGMENTS_PER_LOG),
        (uint32_t)(segment % SEGMENTS_PER_LOG)
    );
}

static size_t lsn_of(uint64_t segment, uint32_t offset, char lsn[20]) {
    uint64_t value = segment * SEGMENT_BYTES + offset;
    return (size_t)snprintf(lsn, 20, "%X/%X", (uint32_t)(value >> 32), (uint32_t)value);
}

// As Barman 3.19 writes it, for a backup that begins and ends in one segment.
static size_t backup_info(const struct archive *archive, const struct object *object, char *body) {
    uint64_t ordinal = backup_ordinal(archive, object->backup);
    uint64_t segment = segment_number(archive, ordinal);
    uint32_t timeline = timeline_of(archive, ordinal);
    char begin[32], end[32], id[32], label[32], wal[25], first[20], check[20], last[20];
    utc(uploaded(archive, ordinal), "%Y-%m-%d %H:%M:%S", begin);
    utc(uploaded(archive, ordinal) + 1, "%Y-%m-%d %H:%M:%S", end);
    utc(uploaded(archive, ordinal), "%Y%m%dT%H%M%S", id);
    utc(uploaded(archive, ordinal), "%Y%m%d%H%M%S", label);
    name_of(timeline, segment, wal);
    // 40: the first record of a segment stands behind a page header of 40 bytes.
    lsn_of(segment, 40, first);
    lsn_of(segment, 96, check);
    lsn_of(segment, 256, last);
    return (size_t)snprintf(
        body, BODY_MAX,
        "backup_label='START WAL LOCATION: %s (file %s)\\nCHECKPOINT LOCATION: %s\\nBACKUP METHOD: streamed\\n"
        "BACKUP FROM: primary\\nSTART TIME: %s UTC\\nLABEL: Barman backup cloud %s\\nSTART TIMELINE: %u\\n'\n"
        "backup_name=backup-%s\nbegin_offset=40\nbegin_time=%s.000000+00:00\nbegin_wal=%s\nbegin_xlog=%s\n"
        "children_backup_ids=None\ncluster_size=5487299\ncompression=None\n"
        "config_file=/var/lib/postgresql/data/pgdata/postgresql.conf\ncopy_stats=None\ndata_checksums=off\n"
        "deduplicated_size=None\nencryption=None\nend_offset=256\nend_time=%s.000000+00:00\nend_wal=%s\n"
        "end_xlog=%s\nerror=None\nhba_file=/var/lib/postgresql/data/pgdata/pg_hba.conf\n"
        "ident_file=/var/lib/postgresql/data/pgdata/pg_ident.conf\nincluded_files=None\nmode=None\n"
        "parent_backup_id=None\npgdata=/var/lib/postgresql/data/pgdata\nserver_name=cloud\nsize=None\nstatus=DONE\n"
        "summarize_wal=None\nsystemid=%ju\ntablespaces=None\ntimeline=%u\nversion=150018\nxlog_segment_size=%u\n",
        first, wal, check, begin, id, timeline, label, begin, wal, first, end, wal, last, (uintmax_t)archive->system,
        timeline, (uint32_t)SEGMENT_BYTES
    );
}

// One line for every timeline before this one, gzip'd as the segments are.
static size_t history(const struct archive *archive, const struct object *object, char *body) {
    static const size_t room = 64;
    char *text = malloc(room * object->timeline);
    size_t length = 0;
    for (uint32_t parent = 1; parent < object->timeline; parent++) {
        char lsn[20];
        // In the middle of the segment with which the next timeline begins.
        lsn_of(segment_number(archive, timeline_start(archive, parent + 1)), SEGMENT_BYTES / 2, lsn);
        length += (size_t)snprintf(text + length, room, "%u\t%s\tno recovery target specified\n", parent, lsn);
    }
    z_stream stream = {0};
    // 15 + 16: the largest window, as gzip.
    deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    stream.next_in = (Bytef *)text;
    stream.avail_in = (uInt)length;
    stream.next_out = (Bytef *)body;
    stream.avail_out = BODY_MAX;
    deflate(&stream, Z_FINISH);
    size_t size = stream.total_out;
    deflateEnd(&stream);
    free(text);
    return size;
}

size_t archive_body(const struct archive *archive, const struct object *object, char *body) {
    return object->kind == HISTORY ? history(archive, object, body) : backup_info(archive, object, body);
}

uint64_t archive_size(const struct archive *archive, const struct object *object) {
    char body[BODY_MAX];
    switch (object->kind) {
    case SEGMENT: return 1000000 + (object->tag[0] >> 32) % 9000000;
    case BACKUP_DATA: return 10000000 + (object->tag[0] >> 32) % 90000000;
    default: return archive_body(archive, object, body);
    }
}
