#define _GNU_SOURCE
#include "server.h"

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "responses.h"

#define REQUEST_MAX 8192

struct connection {
    int socket;
    size_t received;
    char request[REQUEST_MAX + 1];
    struct response response;  // what is left of one that the socket did not take at once
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
    free(connection->response.buffer);
    free(connection);
}

// Sends what it can. False where the connection is no more.
static bool transmit(struct worker *worker, struct connection *connection) {
    while (connection->response.left > 0) {
        ssize_t sent = send(connection->socket, connection->response.rest, connection->response.left, MSG_NOSIGNAL);
        if (sent < 0 && errno == EAGAIN) return true;
        if (sent < 0) return drop(worker, connection), false;
        connection->response.rest += sent;
        connection->response.left -= (size_t)sent;
    }
    if (worker->spare) free(connection->response.buffer);
    else worker->spare = connection->response.buffer;
    connection->response.buffer = NULL;
    if (connection->response.last) return drop(worker, connection), false;
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
    for (size_t length; !connection->response.left && (length = whole(connection)); due = false) {
        if (worker->server->delay > 0 && !due) {
            enqueue(worker, connection);
            return watch(worker, connection, EPOLL_CTL_MOD, 0);
        }
        struct response *response = &connection->response;
        response->buffer = worker->spare ? worker->spare : malloc(response_room(worker->server));
        worker->spare = NULL;
        if (!response->buffer) err(70, "malloc");
        respond(worker->server, connection->request, length, response);
        connection->received -= length;
        memmove(connection->request, connection->request + length, connection->received);
        if (!transmit(worker, connection)) return;
    }
    watch(worker, connection, EPOLL_CTL_MOD, connection->response.left ? EPOLLOUT : EPOLLIN);
}

static void receive(struct worker *worker, struct connection *connection, uint32_t events) {
    if (connection->waits || (events & EPOLLERR)) return drop(worker, connection);  // only ends are watched for then
    if (events & EPOLLOUT) {
        if (!transmit(worker, connection)) return;
        if (connection->response.left) return;
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
