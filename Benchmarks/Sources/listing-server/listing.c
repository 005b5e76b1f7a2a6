#include "listing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define APPEND(end, literal) (memcpy(end, literal, sizeof(literal) - 1), (end) + sizeof(literal) - 1)

static char *text(char *end, const char *bytes, size_t length) {
    memcpy(end, bytes, length);
    return end + length;
}

// Text as XML takes it, or percent-encoded as Ceph does it, which leaves slashes alone.
static char *escaped(char *end, const char *bytes, bool encoded) {
    for (; *bytes; bytes++) {
        unsigned char byte = (unsigned char)*bytes;
        bool letter = (byte | 32) >= 'a' && (byte | 32) <= 'z';
        if (letter || (byte >= '0' && byte <= '9') || strchr("-._~/", byte)) *end++ = (char)byte;
        else if (encoded) end += sprintf(end, "%%%02X", byte);
        else if (byte == '&') end = APPEND(end, "&amp;");
        else if (byte == '<') end = APPEND(end, "&lt;");
        else if (byte == '>') end = APPEND(end, "&gt;");
        else if (byte < ' ') end += sprintf(end, "&#%u;", byte);
        else *end++ = (char)byte;
    }
    return end;
}

static char *element(char *end, const char *name, const char *content, bool encoded) {
    end += sprintf(end, "<%s>", name);
    end = escaped(end, content, encoded);
    return end + sprintf(end, "</%s>", name);
}

static char *two_digits(char *end, uint32_t value) {
    end[0] = (char)('0' + value / 10);
    end[1] = (char)('0' + value % 10);
    return end + 2;
}

// 2026-11-20T10:11:12.000Z. Neighbours mostly share the day, which is the dear part.
static char *time_text(char *end, int64_t seconds) {
    static _Thread_local int64_t known = -1;
    static _Thread_local char date[11];
    int64_t day = seconds / 86400;
    uint32_t rest = (uint32_t)(seconds % 86400);
    if (day != known) {
        // Days since 0000-03-01, by eras of 400 years.
        int64_t shifted = day + 719468, era = shifted / 146097;
        uint32_t of_era = (uint32_t)(shifted % 146097);
        uint32_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
        uint32_t of_year = of_era - (365 * year + year / 4 - year / 100), month = (5 * of_year + 2) / 153;
        uint32_t number = month < 10 ? month + 3 : month - 9;
        year += (uint32_t)(era * 400) + (number <= 2);
        char *cursor = two_digits(two_digits(date, year / 100 % 100), year % 100);
        *cursor++ = '-';
        cursor = two_digits(cursor, number);
        *cursor++ = '-';
        cursor = two_digits(cursor, of_year - (153 * month + 2) / 5 + 1);
        *cursor = 'T';
        known = day;
    }
    end = text(end, date, sizeof date);
    end = two_digits(end, rest / 3600);
    *end++ = ':';
    end = two_digits(end, rest / 60 % 60);
    *end++ = ':';
    end = two_digits(end, rest % 60);
    return APPEND(end, ".000Z");
}

static char *number(char *end, uint64_t value) {
    char digits[20];
    size_t count = 0;
    do digits[count++] = (char)('0' + value % 10);
    while (value /= 10);
    while (count > 0) *end++ = digits[--count];
    return end;
}

static char *entry(char *end, const char *key, size_t length, const struct object *object, uint64_t size) {
    end = APPEND(end, "<Contents><Key>");
    end = text(end, key, length);
    end = APPEND(end, "</Key><LastModified>");
    end = time_text(end, object->modified);
    end = APPEND(end, "</LastModified><ETag>&quot;");
    for (int word = 0; word < 2; word++)
        for (int shift = 60; shift >= 0; shift -= 4) *end++ = "0123456789abcdef"[(object->tag[word] >> shift) & 15];
    // As of an upload in parts: a tag without a hyphen would have to be the MD5 of the body.
    end = APPEND(end, "-1&quot;</ETag><Size>");
    end = number(end, size);
    return APPEND(end, "</Size><StorageClass>STANDARD</StorageClass><Type>Normal</Type></Contents>");
}

// The first position behind every key that begins with these bytes.
static uint64_t behind(const struct archive *archive, const char *bytes, size_t length) {
    char next[KEY_MAX];
    if (length > sizeof next) return archive_position(archive, bytes, length);
    memcpy(next, bytes, length);
    while (length > 0 && (unsigned char)next[length - 1] == 0xff) length--;
    if (length == 0) return archive_count(archive);
    next[length - 1]++;
    return archive_position(archive, next, length);
}

// Where a page begins that follows a name: a key, or what the delimiter rolled up.
static uint64_t after(const struct archive *archive, const struct query *query, const char *name) {
    size_t length = strlen(name);
    if (query->delimiter && length > 0 && name[length - 1] == query->delimiter[0]) return behind(archive, name, length);
    return archive_position(archive, name, length + 1);  // with the zero byte: the key itself is left out
}

char *listing_page(
    const struct archive *archive, const struct bodies *bodies, const char *bucket, const struct query *query,
    char *buffer, size_t *length_of_page, uint32_t *keys
) {
    const char *prefix = query->prefix ? query->prefix : "", *from = query->token ? query->token : query->start_after;
    size_t prefixed = strlen(prefix);
    uint64_t index = archive_position(archive, prefix, prefixed), stop = behind(archive, prefix, prefixed);
    if (from && after(archive, query, from) > index) index = after(archive, query, from);

    char *const contents = buffer + RESPONSE_MAX + HEAD_MAX, *end = contents;
    char *rolled = query->delimiter ? malloc((size_t)query->max_keys * ENTRY_MAX + 1) : NULL, *rolled_end = rolled;
    const struct body *body = bodies_from(bodies, index), *last_body = bodies->items + bodies->count;
    char key[KEY_MAX + 1] = "";
    uint32_t count = 0;
    while (index < stop && count < query->max_keys) {
        struct object object = archive_object(archive, index);
        size_t length = archive_key(archive, &object, key);
        key[length] = 0;
        count++;
        const char *cut = query->delimiter && length > prefixed ? strchr(key + prefixed, query->delimiter[0]) : NULL;
        if (cut) {
            length = (size_t)(cut - key) + 1;
            key[length] = 0;
            rolled_end = APPEND(rolled_end, "<CommonPrefixes>");
            rolled_end = element(rolled_end, "Prefix", key, query->encoded);
            rolled_end = APPEND(rolled_end, "</CommonPrefixes>");
            index = behind(archive, key, length);
            body = bodies_from(bodies, index);
            continue;
        }
        bool replaced = body < last_body && body->index == index;
        end = entry(end, key, length, &object, replaced ? body->size : archive_size(archive, &object));
        body += replaced;
        index++;
    }
    bool truncated = index < stop && query->max_keys > 0;

    if (rolled) end = text(end, rolled, (size_t)(rolled_end - rolled));
    free(rolled);
    end = APPEND(end, "</ListBucketResult>");

    char first[HEAD_MAX], *head = first;
    head = APPEND(head, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    head = APPEND(head, "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
    head = element(head, "Name", bucket, false);
    head = element(head, "Prefix", prefix, query->encoded);
    if (query->token) head = element(head, "ContinuationToken", query->token, false);
    if (query->start_after) head = element(head, "StartAfter", query->start_after, query->encoded);
    if (query->delimiter) head = element(head, "Delimiter", query->delimiter, query->encoded);
    head += sprintf(head, "<KeyCount>%u</KeyCount><MaxKeys>%u</MaxKeys>", count, query->max_keys);
    if (query->encoded) head = APPEND(head, "<EncodingType>url</EncodingType>");
    head = element(head, "IsTruncated", truncated ? "true" : "false", false);
    // The last name that was listed; clients must take it for opaque all the same.
    if (truncated) head = element(head, "NextContinuationToken", key, false);

    size_t front = (size_t)(head - first);
    memcpy(contents - front, first, front);
    *keys = count;
    *length_of_page = front + (size_t)(end - contents);
    return contents - front;
}
