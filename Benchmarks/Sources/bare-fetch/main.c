// Fetches every page of a listing and looks at none: the least that any client of the same server has to wait for.
//
//     bare-fetch ENDPOINT BUCKET PREFIX [KEY ...]
//
// With keys, which cut the listing into ranges, one cursor on each range, side by side. Of a page it wants only whether
// and where the listing goes on, so it looks for the last key, from the end. Prints the requests and the bytes
// received. Credentials are AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.

#define _GNU_SOURCE
#include <curl/curl.h>
#include <err.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Of a page, at most.
#define PAGE_MAX (4 << 20)

static const char *endpoint, *bucket, *prefix;

struct range {
    const char *after, *last;  // between these keys; NULL: from the beginning, to the end
    pthread_t thread;
    uint64_t requests, bytes;
    char *page;
    size_t length;
};

static size_t receive(char *bytes, size_t size, size_t count, void *argument) {
    struct range *range = argument;
    if (range->length + size * count > PAGE_MAX) return 0;
    memcpy(range->page + range->length, bytes, size * count);
    range->length += size * count;
    return size * count;
}

// The last key of a page, which may be encoded as in an URL.
static bool last_key(struct range *range, CURL *curl, char *key, size_t room) {
    static const char tag[] = "<Key>";
    for (size_t at = range->length; at-- > 0;) {
        if (range->page[at] != '<' || strncmp(range->page + at, tag, sizeof tag - 1)) continue;
        char *start = range->page + at + sizeof tag - 1, *end = strchr(start, '<');
        if (!end) return false;
        int length;
        char *plain = curl_easy_unescape(curl, start, (int)(end - start), &length);
        if (!plain || (size_t)length >= room) errx(1, "a key is too long");
        memcpy(key, plain, (size_t)length + 1);
        curl_free(plain);
        return true;
    }
    return false;
}

static void *fetch(void *argument) {
    struct range *range = argument;
    CURL *curl = curl_easy_init();
    char credentials[512], complaint[CURL_ERROR_SIZE] = "", after[2048] = "";
    const char *id = getenv("AWS_ACCESS_KEY_ID"), *secret = getenv("AWS_SECRET_ACCESS_KEY");
    snprintf(credentials, sizeof credentials, "%s:%s", id ? id : "", secret ? secret : "");
    curl_easy_setopt(curl, CURLOPT_AWS_SIGV4, "aws:amz:us-east-1:s3");
    curl_easy_setopt(curl, CURLOPT_USERPWD, credentials);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, range);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, complaint);
    curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, 262144L);
    // The empty body's.
    static const char digest[] =
        "x-amz-content-sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, curl_slist_append(NULL, digest));
    range->page = malloc(PAGE_MAX + 1);
    if (range->after) snprintf(after, sizeof after, "%s", range->after);
    for (bool more = true; more;) {
        // libcurl signs the parameters as they are, so they are in order here.
        char url[8192], *from = curl_easy_escape(curl, after, 0), *below = curl_easy_escape(curl, prefix, 0);
        snprintf(
            url, sizeof url, "%s/%s?encoding-type=url&list-type=2&max-keys=1000&prefix=%s%s%s", endpoint, bucket, below,
            *after ? "&start-after=" : "", *after ? from : ""
        );
        curl_free(from);
        curl_free(below);
        curl_easy_setopt(curl, CURLOPT_URL, url);
        range->length = 0;
        CURLcode code = curl_easy_perform(curl);
        long status = 0;
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
        range->page[range->length] = 0;
        if (code != CURLE_OK) errx(1, "%s: %s", url, complaint);
        if (status != 200) errx(1, "%s: status %ld\n%s", url, status, range->page);
        range->requests++;
        range->bytes += range->length;
        more = memmem(range->page, range->length, "<IsTruncated>true", 17) != NULL;
        if (!last_key(range, curl, after, sizeof after)) more = false;
        if (range->last && strcmp(after, range->last) >= 0) more = false;
    }
    free(range->page);
    curl_easy_cleanup(curl);
    return NULL;
}

int main(int count, char **values) {
    if (count < 4) errx(64, "usage: bare-fetch ENDPOINT BUCKET PREFIX [KEY ...]");
    endpoint = values[1];
    bucket = values[2];
    prefix = values[3];
    curl_global_init(CURL_GLOBAL_ALL);
    size_t ranges = (size_t)count - 3;
    struct range *all = calloc(ranges, sizeof *all);
    for (size_t i = 0; i < ranges; i++) {
        all[i].after = i > 0 ? values[3 + i] : NULL;
        all[i].last = i + 1 < ranges ? values[4 + i] : NULL;
        if (pthread_create(&all[i].thread, NULL, fetch, &all[i]) != 0) errx(70, "no thread");
    }
    uint64_t requests = 0, bytes = 0;
    for (size_t i = 0; i < ranges; i++) {
        pthread_join(all[i].thread, NULL);
        requests += all[i].requests;
        bytes += all[i].bytes;
    }
    printf("%ju requests, %ju bytes\n", (uintmax_t)requests, (uintmax_t)bytes);
    return 0;
}
