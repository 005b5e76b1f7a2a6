// Stands before a server and lets every request wait, side by side: delay-proxy TARGET-PORT MILLISECONDS
//
// Forwards bytes on loopback, and knows nothing of HTTP but that a client which has its answer sends the next request:
// what comes from the client waits, what comes from the server does not. Prints its own address.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BUFFER 262144

static struct sockaddr_in target;
static struct timespec delay;

static bool forward(int from, int to, char *buffer, bool waits) {
    ssize_t got = recv(from, buffer, BUFFER, 0);
    if (got <= 0) return false;
    if (waits) nanosleep(&delay, NULL);
    for (ssize_t at = 0, sent; at < got; at += sent)
        if ((sent = send(to, buffer + at, (size_t)(got - at), MSG_NOSIGNAL)) <= 0) return false;
    return true;
}

static void *connection(void *argument) {
    int client = (int)(intptr_t)argument, server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    char *buffer = malloc(BUFFER);
    bool alive = buffer && connect(server, (struct sockaddr *)&target, sizeof target) == 0;
    struct pollfd ends[] = {{.fd = client, .events = POLLIN}, {.fd = server, .events = POLLIN}};
    while (alive && poll(ends, 2, -1) > 0) {
        if (ends[1].revents) alive = forward(server, client, buffer, false);
        else if (ends[0].revents) alive = forward(client, server, buffer, true);
    }
    free(buffer);
    close(client);
    close(server);
    return NULL;
}

int main(int count, char **values) {
    if (count != 3) errx(64, "usage: delay-proxy TARGET-PORT MILLISECONDS");
    long milliseconds = atol(values[2]);
    target = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(values[1]))};
    target.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    delay = (struct timespec){milliseconds / 1000, milliseconds % 1000 * 1000000};
    struct sockaddr_in own = target;
    own.sin_port = 0;
    socklen_t size = sizeof own;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&own, size) != 0) err(2, "bind");
    if (listen(listener, 1024) != 0) err(2, "listen");
    getsockname(listener, (struct sockaddr *)&own, &size);
    printf("http://127.0.0.1:%u\n", ntohs(own.sin_port));
    fflush(stdout);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    for (;;) {
        int accepted = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        pthread_t thread;
        if (accepted < 0) continue;
        if (pthread_create(&thread, &attributes, connection, (void *)(intptr_t)accepted) != 0) close(accepted);
    }
}
