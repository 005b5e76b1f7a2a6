#define _GNU_SOURCE
#include "bodies.h"

#include <err.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>

// nftw takes no argument of the caller's.
static struct bodies found;
static const struct archive *known;
static size_t root;

static int visit(const char *path, const struct stat *status, int type, struct FTW *where) {
    (void)where;
    if (type != FTW_F) return 0;
    const char *key = path + root;
    uint64_t index;
    if (!archive_find(known, key, &index)) errx(64, "not a key of this archive: %s", key);
    found.items = realloc(found.items, (found.count + 1) * sizeof(struct body));
    found.items[found.count++] = (struct body){index, (uint64_t)status->st_size, strdup(path)};
    return 0;
}

static int by_index(const void *left, const void *right) {
    uint64_t a = ((const struct body *)left)->index, b = ((const struct body *)right)->index;
    return a < b ? -1 : a > b;
}

struct bodies bodies_below(const char *directory, const struct archive *archive) {
    known = archive;
    root = strlen(directory) + (directory[strlen(directory) - 1] == '/' ? 0 : 1);
    if (nftw(directory, visit, 64, FTW_PHYS) != 0) err(2, "%s", directory);
    if (found.count > 0) qsort(found.items, found.count, sizeof(struct body), by_index);
    return found;
}

const struct body *bodies_from(const struct bodies *bodies, uint64_t index) {
    size_t low = 0, high = bodies->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (bodies->items[middle].index < index) low = middle + 1;
        else high = middle;
    }
    return bodies->items + low;
}
