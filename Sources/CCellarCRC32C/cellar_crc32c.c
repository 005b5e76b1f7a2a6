#include "cellar_crc32c.h"

#include <string.h>

#if defined(__x86_64__)
#include <nmmintrin.h>

#define WITH_INSTRUCTION __attribute__((target("sse4.2")))
#define CRC_OF_8(crc, value) ((uint32_t)_mm_crc32_u64(crc, value))
#define CRC_OF_4(crc, value) _mm_crc32_u32(crc, value)
#define CRC_OF_1(crc, value) _mm_crc32_u8(crc, value)

bool cellar_crc32c_has_instruction(void) {
    return __builtin_cpu_supports("sse4.2");
}

#elif defined(__aarch64__)
#include <arm_acle.h>
#if defined(__linux__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

#define WITH_INSTRUCTION __attribute__((target("crc")))
#define CRC_OF_8(crc, value) __crc32cd(crc, value)
#define CRC_OF_4(crc, value) __crc32cw(crc, value)
#define CRC_OF_1(crc, value) __crc32cb(crc, value)

bool cellar_crc32c_has_instruction(void) {
#if defined(__linux__)
    return (getauxval(AT_HWCAP) & HWCAP_CRC32) != 0;
#else
    // Every ARM processor of Apple's has it.
    return true;
#endif
}

#else

bool cellar_crc32c_has_instruction(void) {
    return false;
}

#endif

#if defined(WITH_INSTRUCTION)

WITH_INSTRUCTION uint32_t cellar_crc32c_extend(uint32_t crc, const void *bytes, size_t count) {
    const unsigned char *next = bytes;
    // memcpy: the bytes are not aligned, and a load through a pointer to a wider type would have to be.
    for (; count >= 8; count -= 8, next += 8) {
        uint64_t value;
        memcpy(&value, next, 8);
        crc = CRC_OF_8(crc, value);
    }
    // Each instruction waits for the one before: four bytes at once take as long as one of them.
    if (count >= 4) {
        uint32_t value;
        memcpy(&value, next, 4);
        crc = CRC_OF_4(crc, value);
        count -= 4;
        next += 4;
    }
    for (; count > 0; count--, next++) crc = CRC_OF_1(crc, *next);
    return crc;
}

#else

uint32_t cellar_crc32c_extend(uint32_t crc, const void *bytes, size_t count) {
    const unsigned char *next = bytes;
    for (; count > 0; count--, next++) {
        crc ^= *next;
        // 0x82F63B78: the polynomial 0x1EDC6F41, reflected.
        for (int bit = 0; bit < 8; bit++) crc = crc & 1 ? crc >> 1 ^ 0x82F63B78 : crc >> 1;
    }
    return crc;
}

#endif
