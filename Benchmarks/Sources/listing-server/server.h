// HTTP/1.1 on loopback, by a few threads that each wait for many connections.
#pragma once

#include "archive.h"
#include "bodies.h"

struct server {
    const struct archive *archive;
    const struct bodies *bodies;
    const char *bucket;
    uint16_t port;      // 0 for any that is free
    uint32_t threads;
    uint32_t delay;     // milliseconds between a request and its answer; other requests do not wait for it
    uint32_t max_keys;  // of a page, at most
};

// Serves until SIGINT or SIGTERM, then prints the counts. Ends the program where it cannot.
void serve(const struct server *server);
