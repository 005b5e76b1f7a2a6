// One page of a listing, as ListObjectsV2 answers it.
#pragma once

#include "archive.h"
#include "bodies.h"

// The bytes of a request's parameters, decoded. NULL where it has none.
struct query {
    const char *prefix, *start_after, *token, *delimiter;
    uint32_t max_keys;
    bool encoded;  // encoding-type=url
};

// The most bytes that one key takes, markup included.
#define ENTRY_MAX (KEY_MAX + 256)
// Room for what stands before the keys: the parameters, given back.
#define HEAD_MAX 61440
// Room for what stands before the page: the head of the response.
#define RESPONSE_MAX 1024
// What a page of so many keys needs at most.
#define PAGE_SIZE(keys) (RESPONSE_MAX + HEAD_MAX + (size_t)(keys) * ENTRY_MAX + 64)

// Writes a page into a buffer of PAGE_SIZE(max_keys) bytes. Returns where it begins, which is RESPONSE_MAX bytes or
// more behind the buffer's beginning; *length is its length, *keys how many it lists.
char *listing_page(
    const struct archive *archive, const struct bodies *bodies, const char *bucket, const struct query *query,
    char *buffer, size_t *length, uint32_t *keys
);
