#ifndef CCELLAR_OPENSSL_SHIM_H
#define CCELLAR_OPENSSL_SHIM_H

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

/// EVP_Digest takes an optional engine, a type that OpenSSL 3 deprecates and Swift warns of.
static inline int cellar_sha256(const void *bytes, size_t count, unsigned char digest[32]) {
    unsigned int length = 0;
    return EVP_Digest(bytes, count, digest, &length, EVP_sha256(), NULL) == 1 && length == 32;
}

/// MD5 is refused where only what FIPS allows is to be had.
static inline int cellar_md5(const void *bytes, size_t count, unsigned char digest[16]) {
    unsigned int length = 0;
    return EVP_Digest(bytes, count, digest, &length, EVP_md5(), NULL) == 1 && length == 16;
}

static inline int cellar_sha1(const void *bytes, size_t count, unsigned char digest[20]) {
    unsigned int length = 0;
    return EVP_Digest(bytes, count, digest, &length, EVP_sha1(), NULL) == 1 && length == 20;
}

/// HMAC counts the key in int and the message in size_t; the guard keeps a long key from turning negative.
static inline int cellar_hmac_sha256(
    const void *key, size_t key_count, const unsigned char *bytes, size_t count, unsigned char digest[32]
) {
    unsigned int length = 0;
    if (key_count > 65536) return 0;
    return HMAC(EVP_sha256(), key, (int)key_count, bytes, count, digest, &length) != NULL && length == 32;
}

#endif
