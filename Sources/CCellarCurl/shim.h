#ifndef CCELLAR_CURL_SHIM_H
#define CCELLAR_CURL_SHIM_H

#include <curl/curl.h>

// Swift cannot call variadic functions, and libcurl sets and reads everything through three of them. Each setter
// below fixes the type that libcurl would otherwise read off the argument list without checking.

static inline CURLcode cellar_easy_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

/// libcurl copies the text, so it need not outlive the call.
static inline CURLcode cellar_easy_set_text(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}

/// Unlike the text options libcurl does not copy what lies behind a pointer.
static inline CURLcode cellar_easy_set_pointer(CURL *easy, CURLoption option, void *value) {
    return curl_easy_setopt(easy, option, value);
}

/// Makes the request a POST. libcurl copies the body, for which it has to know the size before it sees it.
static inline CURLcode cellar_easy_set_body(CURL *easy, const void *bytes, size_t count) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_POST, 1L);
    if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
    if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, bytes);
    return code;
}

static inline CURLcode cellar_easy_set_headers(CURL *easy, struct curl_slist *headers) {
    return curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
}

/// One callback type serves bodies and header lines.
typedef size_t (*cellar_receive)(char *bytes, size_t size, size_t count, void *owner);

static inline CURLcode cellar_easy_set_receivers(CURL *easy, cellar_receive body, cellar_receive header, void *owner) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, body);
    if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_WRITEDATA, owner);
    if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, header);
    if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_HEADERDATA, owner);
    return code;
}

static inline CURLcode cellar_easy_get_long(CURL *easy, CURLINFO info, long *value) {
    return curl_easy_getinfo(easy, info, value);
}

static inline CURLcode cellar_easy_get_offset(CURL *easy, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(easy, info, value);
}

static inline CURLMcode cellar_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

/// The result lies in a union, of which CURLMSG_DONE promises this member.
static inline CURLcode cellar_message_result(const CURLMsg *message) {
    return message->data.result;
}

/// The default set is built with a cast, which Swift does not import as a constant.
static inline CURLcode cellar_global_init(void) {
    return curl_global_init(CURL_GLOBAL_DEFAULT);
}

#endif
