// An S3 server of our own that does nothing but list. It is no real store: it makes up a Barman archive of any size as
// it goes, computes every page from the number of its first key, stores nothing and checks no signature. It is here to
// ask what a client does with ten million keys or a thousand servers, and with a delay on every request; how the client
// does beside others with a real store is for Ceph's radosgw to tell (Benchmarks/versus/listing).
//
// ListObjectsV2 (prefix, start-after, continuation-token, delimiter, max-keys, encoding-type), and GET and HEAD of what
// is small: backup.info and history files. Segments and base backups are listed and have no body, unless --bodies has.

#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "listing.h"
#include "server.h"

static const char usage[] =
    "usage: listing-server [OPTIONS]\n"
    "  --port N          0 for any; the address is printed (default 0)\n"
    "  --bucket NAME     (default archive)\n"
    "  --prefix PREFIX   before the servers' names, with a slash at its end (default pg/)\n"
    "  --servers N       server-00000 and on, all alike (default 1)\n"
    "  --segments N      WAL objects of each server, 16 MB segments (default 1000000)\n"
    "  --timelines N     of each server (default 1)\n"
    "  --gaps N          holes in the WAL of each server (default 0)\n"
    "  --gap-length N    segments missing in each (default 1)\n"
    "  --backups N       base backups of each server (default 10)\n"
    "  --bunched         all backups at the beginning of the WAL: they tell nothing about where keys lie\n"
    "  --interval S      seconds between segments (default 10)\n"
    "  --until TIME      of the newest segment, in seconds since 1970 (default 1795132800: 2026-11-20)\n"
    "  --system N        the systems' identifier in backup.info (default 7710417445720926063)\n"
    "  --bodies DIR      files that stand for objects; their paths are keys of the archive\n"
    "  --delay-ms N      before every answer, side by side (default 0)\n"
    "  --threads N       (default 1)\n"
    "  --max-keys N      of a page, at most (default 1000)\n"
    "  --keys            print key, size, time and ETag of every object, by tabs, and serve nothing\n"
    "GET /-/stats answers with the counts of requests, /-/reset sets them to 0; SIGUSR1 and the end print them.\n";

static uint64_t number(const char *option, const char *text) {
    char *end;
    uint64_t value = strtoull(text, &end, 10);
    if (end == text || *end || *text == '-') errx(64, "--%s: wanted a number, got %s", option, text);
    return value;
}

static uint32_t small(const char *option, const char *text) {
    uint64_t value = number(option, text);
    if (value > UINT32_MAX) errx(64, "--%s: %s is too large", option, text);
    return (uint32_t)value;
}

static void print_keys(const struct archive *archive, const struct bodies *bodies) {
    const struct body *body = bodies->items, *last = bodies->items + bodies->count;
    for (uint64_t index = 0; index < archive_count(archive); index++) {
        struct object object = archive_object(archive, index);
        char key[KEY_MAX];
        size_t length = archive_key(archive, &object, key);
        uint64_t size = archive_size(archive, &object);
        if (body < last && body->index == index) size = (body++)->size;
        printf(
            "%.*s\t%ju\t%jd\t%016jx%016jx\n", (int)length, key, (uintmax_t)size, (intmax_t)object.modified,
            (uintmax_t)object.tag[0], (uintmax_t)object.tag[1]
        );
    }
}

int main(int count, char **values) {
    struct archive archive = {
        .prefix = "pg/", .servers = 1, .segments = 1000000, .timelines = 1, .gap_length = 1, .backups = 10,
        .interval = 10, .until = 1795132800, .system = 7710417445720926063,
    };
    struct server server = {.archive = &archive, .bucket = "archive", .threads = 1, .max_keys = 1000};
    const char *directory = NULL;
    bool keys = false;
    static const struct option options[] = {
        {"port", 1, NULL, 'p'},      {"bucket", 1, NULL, 'b'},     {"prefix", 1, NULL, 'x'},
        {"servers", 1, NULL, 's'},   {"segments", 1, NULL, 'n'},   {"timelines", 1, NULL, 't'},
        {"gaps", 1, NULL, 'g'},      {"gap-length", 1, NULL, 'l'}, {"backups", 1, NULL, 'k'},
        {"bunched", 0, NULL, 'u'},   {"interval", 1, NULL, 'i'},   {"until", 1, NULL, 'e'},
        {"system", 1, NULL, 'q'},    {"bodies", 1, NULL, 'o'},     {"delay-ms", 1, NULL, 'd'},
        {"threads", 1, NULL, 'w'},   {"max-keys", 1, NULL, 'm'},   {"keys", 0, NULL, 'y'},
        {"help", 0, NULL, 'h'},      {NULL, 0, NULL, 0},
    };
    for (int option, which; (option = getopt_long(count, values, "", options, &which)) != -1;) {
        const char *name = option == '?' ? "" : options[which].name;
        switch (option) {
        case 'p': server.port = (uint16_t)small(name, optarg); break;
        case 'b': server.bucket = optarg; break;
        case 'x': archive.prefix = optarg; break;
        case 's': archive.servers = small(name, optarg); break;
        case 'n': archive.segments = number(name, optarg); break;
        case 't': archive.timelines = small(name, optarg); break;
        case 'g': archive.gaps = small(name, optarg); break;
        case 'l': archive.gap_length = small(name, optarg); break;
        case 'k': archive.backups = small(name, optarg); break;
        case 'u': archive.bunched = true; break;
        case 'i': archive.interval = small(name, optarg); break;
        case 'e': archive.until = (int64_t)number(name, optarg); break;
        case 'q': archive.system = number(name, optarg); break;
        case 'o': directory = optarg; break;
        case 'd': server.delay = small(name, optarg); break;
        case 'w': server.threads = small(name, optarg); break;
        case 'm': server.max_keys = small(name, optarg); break;
        case 'y': keys = true; break;
        case 'h': fputs(usage, stdout); return 0;
        default: fputs(usage, stderr); return 64;
        }
    }
    if (optind < count) errx(64, "unexpected: %s", values[optind]);
    const char *fault = archive_fault(&archive);
    if (fault) errx(64, "%s", fault);
    if (server.threads < 1 || server.threads > 64) errx(64, "--threads: wanted 1 to 64");
    if (server.max_keys < 1 || server.max_keys > 10000) errx(64, "--max-keys: wanted 1 to 10000");
    struct bodies bodies = {0};
    if (directory) bodies = bodies_below(directory, &archive);
    server.bodies = &bodies;
    if (keys) print_keys(&archive, &bodies);
    else serve(&server);
    return 0;
}
