#define _GNU_SOURCE
#include "server.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "listing.h"

#define REQUEST_MAX 8192
#define FIELD_MAX 256

struct connection {
    int socket;
    size_t received;
    char request[REQUEST_MAX + 1];
    // What is left of an answer that the socket did not take at once, and the buffer that it lies in.
    char *buffer, *rest;
    size_t left;
    bool last;  // of this connection: close it behind the answer
    // In the queue of those whose answer is due later. All wait equally long, so the queue is in order.
    bool waits;
    struct timespec due;
    struct connection *before, *behind;
};

struct worker {
    const struct server *server;
    int events;
    char *spare;  // a buffer for an answer, which goes to a connection only where its socket is full
    struct connection *first, *latest;
};

static struct { _Atomic uint64_t list, get, head, other, keys, bytes; } counts;

static int counts_text(char *text, size_t size) {
    return snprintf(
        text, size,
        "{\"list\": %ju, \"get\": %ju, \"head\": %ju, \"other\": %ju, \"keysListed\": %ju, \"bytesSent\": %ju}\n",
        (uintmax_t)counts.list, (uintmax_t)counts.get, (uintmax_t)counts.head, (uintmax_t)counts.other,
        (uintmax_t)counts.keys, (uintmax_t)counts.bytes
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

// Puts the head of a response before its body, and leaves what is to be sent in the connection.
static void answer(
    struct connection *connection, const char *status, const char *fields, char *body, size_t length, bool bare
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
        connection->last ? "Connection: close\r\n" : "", fields
    );
    connection->rest = body - size;
    memcpy(connection->rest, head, size);
    connection->left = size + (bare ? 0 : length);
}

static void fail(struct connection *connection, const char *status, const char *code, bool bare) {
    char *body = connection->buffer + RESPONSE_MAX;
    int length = sprintf(body, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>%s</Code></Error>", code);
    answer(connection, status, "Content-Type: application/xml\r\n", body, (size_t)length, bare);
}

static void list(const struct server *server, struct connection *connection, char *parameters, bool bare) {
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
    if (!second) return fail(connection, "501 Not Implemented", "NotImplemented", bare);
    if (asked < query.max_keys) query.max_keys = (uint32_t)asked;
    size_t length;
    uint32_t keys;
    char *page =
        listing_page(server->archive, server->bodies, server->bucket, &query, connection->buffer, &length, &keys);
    counts.list++;
    counts.keys += keys;
    answer(connection, "200 OK", "Content-Type: application/xml\r\n", page, length, bare);
}

static void object(
    const struct server *server, struct connection *connection, const char *key, const char *range, bool bare
) {
    if (bare) counts.head++;
    else counts.get++;
    uint64_t index;
    if (!archive_find(server->archive, key, &index)) return fail(connection, "404 Not Found", "NoSuchKey", bare);
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
            if (from >= size) return fail(connection, "416 Range Not Satisfiable", "InvalidRange", bare);
            first = from;
            stop = to < size ? to : size;
            part = true;
        }
    }
    // Nothing stands behind the names of segments and base backups.
    if (!bare && !stored && (object.kind == SEGMENT || object.kind == BACKUP_DATA))
        return fail(connection, "404 Not Found", "NoSuchKey", bare);

    size_t length = stop - first;
    char *buffer = connection->buffer;
    if (!bare && RESPONSE_MAX + length > PAGE_SIZE(server->max_keys)) {
        connection->buffer = buffer = realloc(buffer, RESPONSE_MAX + length);
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
        "Content-Type: binary/octet-stream\r\nAccept-Ranges: bytes\r\nLast-Modified: %s\r\nETag: \"%016jx%016jx\"\r\n",
        modified, (uintmax_t)object.tag[0], (uintmax_t)object.tag[1]
    );
    uintmax_t limits[] = {first, stop - 1, size};
    if (part) sprintf(fields + end, "Content-Range: bytes %ju-%ju/%ju\r\n", limits[0], limits[1], limits[2]);
    answer(connection, part ? "206 Partial Content" : "200 OK", fields, buffer + RESPONSE_MAX, length, bare);
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

// Answers the request at the head of what was received, and takes it out.
static void respond(struct worker *worker, struct connection *connection, size_t length) {
    const struct server *server = worker->server;
    char *head = connection->request;
    head[length - 1] = 0;  // in the empty line
    char value[FIELD_MAX], range[FIELD_MAX];
    connection->last = field(head, "Connection", value) && !strcasecmp(value, "close");
    // No request that is served has a body.
    bool odd = field(head, "Transfer-Encoding", value) || (field(head, "Content-Length", value) && strcmp(value, "0"));
    bool ranged = field(head, "Range", range);

    bool bare = !strncmp(head, "HEAD ", 5);
    char *target = strchr(head, ' '), *stop = target ? strchr(target + 1, ' ') : NULL;
    connection->buffer = worker->spare ? worker->spare : malloc(PAGE_SIZE(server->max_keys));
    worker->spare = NULL;
    if (!connection->buffer) err(70, "malloc");
    if (!stop || odd || (!bare && strncmp(head, "GET ", 4))) {
        counts.other++;
        connection->last = true;
        fail(connection, "501 Not Implemented", "NotImplemented", bare);
    } else {
        *stop = 0;
        char *path = target + 1, *parameters = strchr(path, '?');
        if (parameters) *parameters++ = 0;
        decode(path, false);
        size_t named = strlen(server->bucket);
        char *body = connection->buffer + RESPONSE_MAX;
        bool inside = path[0] == '/' && !strncmp(path + 1, server->bucket, named);
        char behind = inside ? path[named + 1] : 0;
        if (!strcmp(path, "/-/stats")) {
            size_t size = (size_t)counts_text(body, 512);
            answer(connection, "200 OK", "Content-Type: application/json\r\n", body, size, bare);
        } else if (!strcmp(path, "/-/reset")) {
            counts.list = counts.get = counts.head = counts.other = counts.keys = counts.bytes = 0;
            answer(connection, "200 OK", "", body, 0, bare);
        } else if (!inside || (behind && behind != '/')) {
            counts.other++;
            fail(connection, "404 Not Found", "NoSuchBucket", bare);
        } else if (behind && path[named + 2]) {
            object(server, connection, path + named + 2, ranged ? range : NULL, bare);
        } else if (bare) {
            counts.head++;
            answer(connection, "200 OK", "", body, 0, bare);
        } else {
            list(server, connection, parameters, bare);
        }
    }
    connection->received -= length;
    memmove(connection->request, connection->request + length, connection->received);
}

static void watch(struct worker *worker, struct connection *connection, int operation, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = connection};
    if (epoll_ctl(worker->events, operation, connection->socket, &event) != 0) err(70, "epoll_ctl");
}

static void unqueue(struct worker *worker, struct connection *connection) {
    if (connection->before) connection->before->behind = connection->behind;
    else worker->first = connection->behind;
    if (connection->behind) connection->behind->before = connection->before;
    else worker->latest = connection->before;
    connection->waits = false;
}

static void enqueue(struct worker *worker, struct connection *connection) {
    clock_gettime(CLOCK_MONOTONIC, &connection->due);
    uint64_t nanoseconds = (uint64_t)connection->due.tv_nsec + UINT64_C(1000000) * worker->server->delay;
    connection->due.tv_sec += (time_t)(nanoseconds / 1000000000);
    connection->due.tv_nsec = (long)(nanoseconds % 1000000000);
    connection->waits = true;
    connection->before = worker->latest;
    connection->behind = NULL;
    if (worker->latest) worker->latest->behind = connection;
    else worker->first = connection;
    worker->latest = connection;
}

static void drop(struct worker *worker, struct connection *connection) {
    if (connection->waits) unqueue(worker, connection);
    close(connection->socket);
    free(connection->buffer);
    free(connection);
}

// Sends what it can. False where the connection is no more.
static bool transmit(struct worker *worker, struct connection *connection) {
    while (connection->left > 0) {
        ssize_t sent = send(connection->socket, connection->rest, connection->left, MSG_NOSIGNAL);
        if (sent < 0 && errno == EAGAIN) return true;
        if (sent < 0) return drop(worker, connection), false;
        counts.bytes += (uint64_t)sent;
        connection->rest += sent;
        connection->left -= (size_t)sent;
    }
    if (worker->spare) free(connection->buffer);
    else worker->spare = connection->buffer;
    connection->buffer = NULL;
    if (connection->last) return drop(worker, connection), false;
    return true;
}

// The length of the request that was received whole, or 0.
static size_t whole(struct connection *connection) {
    connection->request[connection->received] = 0;
    char *end = strstr(connection->request, "\r\n\r\n");
    return end ? (size_t)(end - connection->request) + 4 : 0;
}

// Answers what is due and was received, as long as the socket takes it.
static void advance(struct worker *worker, struct connection *connection, bool due) {
    for (size_t length; !connection->left && (length = whole(connection)); due = false) {
        if (worker->server->delay > 0 && !due) {
            enqueue(worker, connection);
            return watch(worker, connection, EPOLL_CTL_MOD, 0);
        }
        respond(worker, connection, length);
        if (!transmit(worker, connection)) return;
    }
    watch(worker, connection, EPOLL_CTL_MOD, connection->left ? EPOLLOUT : EPOLLIN);
}

static void receive(struct worker *worker, struct connection *connection, uint32_t events) {
    if (connection->waits || (events & EPOLLERR)) return drop(worker, connection);  // only ends are watched for then
    if (events & EPOLLOUT) {
        if (!transmit(worker, connection)) return;
        if (connection->left) return;
        return advance(worker, connection, false);
    }
    char *end = connection->request + connection->received;
    ssize_t got = recv(connection->socket, end, REQUEST_MAX - connection->received, 0);
    if (got < 0 && errno == EAGAIN) return;
    // 0 also where a request is longer than there is room for.
    if (got <= 0) return drop(worker, connection);
    connection->received += (size_t)got;
    if (whole(connection)) advance(worker, connection, false);
}

static void *work(void *argument) {
    struct worker *worker = argument;
    for (;;) {
        struct timespec now, left, *timeout = NULL;
        clock_gettime(CLOCK_MONOTONIC, &now);
        while (worker->first) {
            struct connection *first = worker->first;
            int64_t wait = (first->due.tv_sec - now.tv_sec) * INT64_C(1000000000) + first->due.tv_nsec - now.tv_nsec;
            if (wait > 0) {
                left = (struct timespec){wait / 1000000000, wait % 1000000000};
                timeout = &left;
                break;
            }
            unqueue(worker, first);
            advance(worker, first, true);
        }
        struct epoll_event events[64];
        int count = epoll_pwait2(worker->events, events, 64, timeout, NULL);
        if (count < 0 && errno != EINTR) err(70, "epoll_pwait2");
        for (int i = 0; i < count; i++) receive(worker, events[i].data.ptr, events[i].events);
    }
    return NULL;
}

static int listener(uint16_t port) {
    int socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;
    if (socket_ < 0) err(2, "socket");
    setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(socket_, (struct sockaddr *)&address, size) != 0) err(2, "port %u", port);
    if (listen(socket_, 4096) != 0) err(2, "listen");
    getsockname(socket_, (struct sockaddr *)&address, &size);
    printf("http://127.0.0.1:%u\n", ntohs(address.sin_port));
    fflush(stdout);
    return socket_;
}

struct acceptor {
    int listener;
    struct worker *workers;
    uint32_t count;
};

// Gives every worker the next connection in turn, so that a few connections load all of them.
static void *accept_all(void *argument) {
    struct acceptor *acceptor = argument;
    for (uint32_t turn = 0;; turn = (turn + 1) % acceptor->count) {
        int accepted = accept4(acceptor->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC), yes = 1, room = 1 << 20;
        if (accepted < 0) {
            if (errno == EINTR || errno == ECONNABORTED) continue;
            err(70, "accept");
        }
        setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        setsockopt(accepted, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
        struct connection *connection = calloc(1, sizeof *connection);
        if (!connection) err(70, "calloc");
        connection->socket = accepted;
        watch(&acceptor->workers[turn], connection, EPOLL_CTL_ADD, EPOLLIN);
    }
    return NULL;
}

void serve(const struct server *server) {
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &ends, NULL);

    struct worker *workers = calloc(server->threads, sizeof *workers);
    struct acceptor acceptor = {listener(server->port), workers, server->threads};
    pthread_t thread;
    for (uint32_t i = 0; i < server->threads; i++) {
        workers[i] = (struct worker){.server = server, .events = epoll_create1(EPOLL_CLOEXEC)};
        if (workers[i].events < 0) err(70, "epoll_create1");
        pthread_create(&thread, NULL, work, &workers[i]);
    }
    pthread_create(&thread, NULL, accept_all, &acceptor);
    for (int signal = SIGUSR1; signal == SIGUSR1;) {
        sigwait(&ends, &signal);
        char text[512];
        counts_text(text, sizeof text);
        fputs(text, stderr);
    }
}
