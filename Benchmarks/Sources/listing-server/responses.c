#define _GNU_SOURCE
#include "responses.h"

#include <ctype.h>
#include <err.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "listing.h"

// Of a field of a request's head, at most, its end included.
#define FIELD_MAX 256

static struct { _Atomic uint64_t list, get, head, other, keys; } counts;

int counts_text(char *text, size_t size) {
    return snprintf(
        text, size,
        "{\"list\": %ju, \"get\": %ju, \"head\": %ju, \"other\": %ju, \"keysListed\": %ju}\n",
        (uintmax_t)counts.list, (uintmax_t)counts.get, (uintmax_t)counts.head, (uintmax_t)counts.other,
        (uintmax_t)counts.keys
    );
}

static void decode(char *text, bool form) {
    char *to = text;
    for (const char *from = text; *from; from++) {
        char pair[3] = {0};
        if (*from == '%' && isxdigit((unsigned char)from[1]) && isxdigit((unsigned char)from[2])) {
            memcpy(pair, from + 1, 2);
            *to++ = (char)strtoul(pair, NULL, 16);
            from += 2;
        } else {
            *to++ = form && *from == '+' ? ' ' : *from;
        }
    }
    *to = 0;
}

// Puts the head of a response before its body, and leaves what is to be sent in the response.
static void answer(
    struct response *response, const char *status, const char *fields, char *body, size_t length, bool bare
) {
    static _Thread_local time_t known;
    static _Thread_local char date[40];
    time_t now = time(NULL);
    if (now != known) {
        struct tm parts;
        strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&now, &parts));
        known = now;
    }
    char head[RESPONSE_MAX];
    size_t size = (size_t)snprintf(
        head, sizeof head,
        "HTTP/1.1 %s\r\nServer: listing-server\r\nDate: %s\r\nContent-Length: %zu\r\n%s%s\r\n", status, date, length,
        response->last ? "Connection: close\r\n" : "", fields
    );
    response->rest = body - size;
    memcpy(response->rest, head, size);
    response->left = size + (bare ? 0 : length);
}

static void fail(struct response *response, const char *status, const char *code, bool bare) {
    char *body = response->buffer + RESPONSE_MAX;
    int length = sprintf(body, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>%s</Code></Error>", code);
    answer(response, status, "Content-Type: application/xml\r\n", body, (size_t)length, bare);
}

static void list(const struct server *server, struct response *response, char *parameters, bool bare) {
    struct query query = {.max_keys = server->max_keys};
    unsigned long asked = server->max_keys;
    bool second = false;  // of the two forms that a listing has
    for (char *item; (item = strsep(&parameters, "&"));) {
        char *value = strchr(item, '=');
        if (!value) continue;
        *value++ = 0;
        decode(value, true);
        if (!strcmp(item, "prefix")) query.prefix = value;
        else if (!strcmp(item, "start-after")) query.start_after = value;
        else if (!strcmp(item, "continuation-token")) query.token = value;
        else if (!strcmp(item, "delimiter") && *value) query.delimiter = value;
        else if (!strcmp(item, "encoding-type")) query.encoded = !strcmp(value, "url");
        else if (!strcmp(item, "max-keys")) asked = strtoul(value, NULL, 10);
        else if (!strcmp(item, "list-type")) second = !strcmp(value, "2");
    }
    if (!second) return fail(response, "501 Not Implemented", "NotImplemented", bare);
    if (asked < query.max_keys) query.max_keys = (uint32_t)asked;
    size_t length;
    uint32_t keys;
    char *page =
        listing_page(server->archive, server->bodies, server->bucket, &query, response->buffer, &length, &keys);
    counts.list++;
    counts.keys += keys;
    answer(response, "200 OK", "Content-Type: application/xml\r\n", page, length, bare);
}

static void object(
    const struct server *server, struct response *response, const char *key, const char *range, bool bare
) {
    if (bare) counts.head++;
    else counts.get++;
    uint64_t index;
    if (!archive_find(server->archive, key, &index)) return fail(response, "404 Not Found", "NoSuchKey", bare);
    struct object object = archive_object(server->archive, index);

    const struct body *stored = bodies_from(server->bodies, index);
    if (stored == server->bodies->items + server->bodies->count || stored->index != index) stored = NULL;
    uint64_t size = stored ? stored->size : archive_size(server->archive, &object);
    uint64_t first = 0, stop = size;
    bool part = false;
    if (range && !strncmp(range, "bytes=", 6)) {
        char *rest;
        uint64_t from = strtoull(range + 6, &rest, 10);
        if (rest > range + 6 && *rest == '-') {
            uint64_t to = isdigit((unsigned char)rest[1]) ? strtoull(rest + 1, NULL, 10) + 1 : size;
            if (from >= size) return fail(response, "416 Range Not Satisfiable", "InvalidRange", bare);
            first = from;
            stop = to < size ? to : size;
            part = true;
        }
    }
    // Nothing stands behind the names of segments and base backups.
    if (!bare && !stored && (object.kind == SEGMENT || object.kind == BACKUP_DATA))
        return fail(response, "404 Not Found", "NoSuchKey", bare);

    size_t length = stop - first;
    char *buffer = response->buffer;
    if (!bare && RESPONSE_MAX + length > PAGE_SIZE(server->max_keys)) {
        response->buffer = buffer = realloc(buffer, RESPONSE_MAX + length);
        if (!buffer) err(70, "realloc");
    }
    if (!bare && stored) {
        int file = open(stored->path, O_RDONLY | O_CLOEXEC);
        if (file < 0 || pread(file, buffer + RESPONSE_MAX, length, (off_t)first) != (ssize_t)length)
            err(2, "%s", stored->path);
        close(file);
    } else if (!bare) {
        char body[BODY_MAX];
        archive_body(server->archive, &object, body);
        memcpy(buffer + RESPONSE_MAX, body + first, length);
    }
    char fields[512], modified[40];
    struct tm parts;
    time_t time = (time_t)object.modified;
    strftime(modified, sizeof modified, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&time, &parts));
    int end = sprintf(
        fields,
        "Content-Type: binary/octet-stream\r\nAccept-Ranges: bytes\r\nLast-Modified: %s\r\nETag: \"%016jx%016jx-1\"\r\n",
        modified, (uintmax_t)object.tag[0], (uintmax_t)object.tag[1]
    );
    uintmax_t limits[] = {first, stop - 1, size};
    if (part) sprintf(fields + end, "Content-Range: bytes %ju-%ju/%ju\r\n", limits[0], limits[1], limits[2]);
    answer(response, part ? "206 Partial Content" : "200 OK", fields, buffer + RESPONSE_MAX, length, bare);
}

// Copies the value of a field of the request's head, or as much of it as matters.
static bool field(const char *head, const char *name, char copy[FIELD_MAX]) {
    size_t length = strlen(name);
    for (const char *line = head; (line = strstr(line, "\r\n"));) {
        line += 2;
        if (strncasecmp(line, name, length) || line[length] != ':') continue;
        const char *value = line + length + 1, *end = strstr(value, "\r\n");
        while (*value == ' ') value++;
        snprintf(copy, FIELD_MAX, "%.*s", (int)(end - value), value);
        return true;
    }
    return false;
}

size_t response_room(const struct server *server) { return PAGE_SIZE(server->max_keys); }

void respond(const struct server *server, char *head, size_t length, struct response *response) {
    head[length - 1] = 0;  // in the empty line
    char value[FIELD_MAX], range[FIELD_MAX];
    response->last = field(head, "Connection", value) && !strcasecmp(value, "close");
    // No request that is served has a body.
    bool odd = field(head, "Transfer-Encoding", value) || (field(head, "Content-Length", value) && strcmp(value, "0"));
    bool ranged = field(head, "Range", range);

    bool bare = !strncmp(head, "HEAD ", 5);
    char *target = strchr(head, ' '), *stop = target ? strchr(target + 1, ' ') : NULL;
    if (!stop || odd || (!bare && strncmp(head, "GET ", 4))) {
        counts.other++;
        response->last = true;
        fail(response, "501 Not Implemented", "NotImplemented", bare);
    } else {
        *stop = 0;
        char *path = target + 1, *parameters = strchr(path, '?');
        if (parameters) *parameters++ = 0;
        decode(path, false);
        size_t named = strlen(server->bucket);
        char *body = response->buffer + RESPONSE_MAX;
        bool inside = path[0] == '/' && !strncmp(path + 1, server->bucket, named);
        char behind = inside ? path[named + 1] : 0;
        if (!strcmp(path, "/-/stats")) {
            size_t size = (size_t)counts_text(body, 512);
            answer(response, "200 OK", "Content-Type: application/json\r\n", body, size, bare);
        } else if (!strcmp(path, "/-/reset")) {
            counts.list = counts.get = counts.head = counts.other = counts.keys = 0;
            answer(response, "200 OK", "", body, 0, bare);
        } else if (!inside || (behind && behind != '/')) {
            counts.other++;
            fail(response, "404 Not Found", "NoSuchBucket", bare);
        } else if (behind && path[named + 2]) {
            object(server, response, path + named + 2, ranged ? range : NULL, bare);
        } else if (bare) {
            counts.head++;
            answer(response, "200 OK", "", body, 0, bare);
        } else {
            list(server, response, parameters, bare);
        }
    }
}
