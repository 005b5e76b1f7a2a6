// What the server answers to a request, and how often it was asked for what.
#pragma once

#include "archive.h"
#include "server.h"

struct response {
    char *buffer;  // from malloc, of response_room bytes or more
    char *rest;    // what is left to send, in the buffer
    size_t left;
    bool last;     // of its connection: close it behind this one
};

size_t response_room(const struct server *server);

// Answers a request whose head, of so many bytes, is whole. The head is changed.
void respond(const struct server *server, char *head, size_t length, struct response *response);

// The counts so far, as a line of JSON.
int counts_text(char *text, size_t size);
