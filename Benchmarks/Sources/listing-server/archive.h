// A Barman archive that is computed, not stored: the N-th of its keys, in byte order, from the number N alone.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KEY_MAX 512
#define BODY_MAX 65536

// What the archive holds. Every server holds the same, and the prefix needs no encoding anywhere.
struct archive {
    const char *prefix;   // before the servers' names; empty, or with a slash at its end
    uint32_t servers;
    uint64_t segments;    // WAL objects of each server
    uint32_t timelines;   // each goes on in the segment in which the one before it ended
    uint32_t gaps;        // holes in the WAL of each server, evenly spread
    uint32_t gap_length;  // segments missing in each hole
    uint32_t backups;     // base backups of each server
    bool bunched;         // all backups in the first hundredth of the WAL, not evenly spread
    uint32_t interval;    // seconds between two segments
    uint64_t system;      // the identifier that PostgreSQL gave its cluster
    int64_t until;        // when the newest segment was uploaded, in seconds since 1970
};

enum kind { BACKUP_INFO, BACKUP_DATA, HISTORY, SEGMENT };

struct object {
    enum kind kind;
    uint32_t server;
    uint32_t backup;    // of BACKUP_INFO and BACKUP_DATA
    uint32_t timeline;  // of HISTORY and SEGMENT
    uint64_t segment;   // of SEGMENT: its number in the WAL
    int64_t modified;   // seconds since 1970
    uint64_t tag[2];    // the ETag's 16 bytes
};

// Why the archive cannot be, or NULL.
const char *archive_fault(const struct archive *archive);

uint64_t archive_count(const struct archive *archive);

struct object archive_object(const struct archive *archive, uint64_t index);

// Writes the key and returns its length, which is below KEY_MAX.
size_t archive_key(const struct archive *archive, const struct object *object, char *key);

// The number of keys below the given bytes.
uint64_t archive_position(const struct archive *archive, const char *bytes, size_t length);

// Whether a key is in the archive, and its number.
bool archive_find(const struct archive *archive, const char *key, uint64_t *index);

// The body of a small object (BACKUP_INFO, HISTORY), of at most BODY_MAX bytes.
size_t archive_body(const struct archive *archive, const struct object *object, char *body);

// The size as listed. Those of segments and base backups have no body.
uint64_t archive_size(const struct archive *archive, const struct object *object);
