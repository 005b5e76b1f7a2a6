// Files that stand for objects of the archive: real WAL, say, where something opens it.
#pragma once

#include "archive.h"

struct body {
    uint64_t index;  // of the key in the archive
    uint64_t size;
    char *path;
};

// In the order of their keys.
struct bodies {
    struct body *items;
    size_t count;
};

// Finds the files below a directory; the path of each is its key. Ends the program where a key is not in the archive.
struct bodies bodies_below(const char *directory, const struct archive *archive);

// The first at or behind a key of the archive; it may be the end.
const struct body *bodies_from(const struct bodies *bodies, uint64_t index);
