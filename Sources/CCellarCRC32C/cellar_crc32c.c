#include "cellar_crc32c.h"

#include <string.h>

#if defined(__x86_64__)
#include <nmmintrin.h>
#include <wmmintrin.h>

#define WITH_INSTRUCTION __attribute__((target("sse4.2,pclmul")))
#define CRC_OF_8(crc, value) ((uint32_t)_mm_crc32_u64(crc, value))
#define CRC_OF_4(crc, value) _mm_crc32_u32(crc, value)
#define CRC_OF_1(crc, value) _mm_crc32_u8(crc, value)
#define HAS_LANES 1

// Every processor with the one has the other, but for the first generation of those with SSE 4.2.
static bool has_instruction(void) {
    return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("pclmul");
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

static bool has_instruction(void) {
#if defined(__linux__)
    return (getauxval(AT_HWCAP) & HWCAP_CRC32) != 0;
#else
    // Every ARM processor of Apple's has it.
    return true;
#endif
}

#endif

// The size of a record's header, which begins with the record's length in four bytes and ends with its checksum.
enum { HEADER = 24 };

// memcpy, here and below: the bytes are not aligned, and a load through a pointer to a wider type would have to be.
static inline uint32_t half(const unsigned char *bytes) {
    uint32_t value;
    memcpy(&value, bytes, 4);
    return value;
}

#if defined(WITH_INSTRUCTION)

static inline uint64_t word(const unsigned char *bytes) {
    uint64_t value;
    memcpy(&value, bytes, 8);
    return value;
}

#if defined(HAS_LANES)

// The instruction takes three cycles, and the next one needs its result, but three of them can be under way at once.
// So the bytes are cut into three lanes of equal length, whose registers are put together at the end: moving a
// register n words to the front of the others is a product with x^(64 n) modulo the polynomial.
//
// The product without carries of two reflected numbers comes out multiplied by x, and the instruction that divides it
// multiplies by x^32 once more, so the factor for n words is x^(64 n - 33).
//
// Long lanes would need less putting together, but the processor looks ahead best where memory is read nearly in order:
// with lanes of a third of a page, WAL of long records took a third longer.
enum { LONGEST_LANE = 16, SHORTEST_LANE = 6 };  // words; with shorter ones the product does not pay
static uint32_t factors[2 * LONGEST_LANE + 1];

WITH_INSTRUCTION static void prepare(void) {
    // x^31, reflected. The instruction multiplies a number of 32 bits by x^64.
    factors[1] = 1;
    for (int words = 2; words <= 2 * LONGEST_LANE; words++) factors[words] = CRC_OF_8(0, factors[words - 1]);
}

WITH_INSTRUCTION static inline uint64_t product(uint32_t crc, uint32_t factor) {
    __m128i result = _mm_clmulepi64_si128(_mm_cvtsi32_si128((int)crc), _mm_cvtsi32_si128((int)factor), 0);
    return (uint64_t)_mm_cvtsi128_si64(result);
}

WITH_INSTRUCTION static inline uint32_t extend_by_lanes(uint32_t crc, const unsigned char *next, size_t words) {
    const unsigned char *second = next + 8 * words, *third = second + 8 * words;
    uint32_t crc2 = 0, crc3 = 0;
    for (size_t offset = 0; offset < 8 * (words - 1); offset += 8) {
        crc = CRC_OF_8(crc, word(next + offset));
        crc2 = CRC_OF_8(crc2, word(second + offset));
        crc3 = CRC_OF_8(crc3, word(third + offset));
    }
    crc = CRC_OF_8(crc, word(second - 8));
    crc2 = CRC_OF_8(crc2, word(third - 8));
    // The last word of the third lane divides the products along with itself.
    uint64_t products = product(crc, factors[2 * words]) ^ product(crc2, factors[words]);
    return CRC_OF_8(crc3, word(third + 8 * (words - 1)) ^ products);
}

#else

static void prepare(void) {}

#endif

// From so many words on a call, and where there are lanes those, cost less than they gain.
enum { MANY_WORDS = 18 };

/// Whole words at the front of the bytes; moves `next` behind them.
WITH_INSTRUCTION static inline uint32_t extend_by_words(uint32_t crc, const unsigned char **next, size_t count) {
#if defined(HAS_LANES)
    while (count >= 24 * SHORTEST_LANE) {
        size_t words = count / 24 < LONGEST_LANE ? count / 24 : LONGEST_LANE;
        crc = extend_by_lanes(crc, *next, words);
        *next += 24 * words;
        count -= 24 * words;
    }
#endif
    // Nothing is gained by unrolling, which only adds branches for the rest.
#pragma clang loop unroll(disable)
    for (; count >= 8; count -= 8, *next += 8) crc = CRC_OF_8(crc, word(*next));
    return crc;
}

WITH_INSTRUCTION uint32_t cellar_crc32c_extend(uint32_t crc, const void *bytes, size_t count) {
    const unsigned char *next = bytes;
    crc = extend_by_words(crc, &next, count);
    count &= 7;
    // Each instruction waits for the one before: four bytes at once take as long as one of them.
    if (count >= 4) {
        crc = CRC_OF_4(crc, half(next));
        count -= 4;
        next += 4;
    }
    for (; count > 0; count--, next++) crc = CRC_OF_1(crc, *next);
    return crc;
}

// For long bodies, and not inline: the loop over short ones stays short.
WITH_INSTRUCTION __attribute__((noinline)) static uint32_t extend_by_many_words(
    uint32_t crc, const unsigned char *next, size_t count) {
    return extend_by_words(crc, &next, count);
}

/// The checksum of a record of `length` bytes, of what follows its header, then of the header's first 20 bytes.
///
/// It reads up to the next multiple of eight bytes, which need not be zeros.
WITH_INSTRUCTION static inline uint32_t of_record(const unsigned char *record, size_t length) {
    const unsigned char *next = record + HEADER, *end = record + (length & ~(size_t)7);
    uint32_t crc = ~(uint32_t)0;
    if (end - next >= MANY_WORDS * 8) {
        crc = extend_by_many_words(crc, next, (size_t)(end - next));
        next = end;
    }
#pragma clang loop unroll(disable)
    for (; next < end; next += 8) crc = CRC_OF_8(crc, word(next));
    // The last 0 to 7 bytes without a branch, which would often be taken wrongly: they go to the end of a word, and
    // zeros before them leave a register of zeros as it is. What they do not push out of the register stays in it.
    unsigned bits = 8 * (length & 7);
    uint64_t last = word(next - (bits == 0 ? 8 : 0)) ^ crc;
    crc = (uint32_t)((uint64_t)crc >> bits) ^ CRC_OF_8(0, last << (63 - bits) << 1);
    crc = CRC_OF_8(CRC_OF_8(crc, word(record)), word(record + 8));
    return ~CRC_OF_4(crc, half(record + 16));
}

bool cellar_crc32c_prepare(void) {
    if (!has_instruction()) return false;
    prepare();
    return true;
}

#else

#define WITH_INSTRUCTION

bool cellar_crc32c_prepare(void) {
    return false;
}

uint32_t cellar_crc32c_extend(uint32_t crc, const void *bytes, size_t count) {
    const unsigned char *next = bytes;
    for (; count > 0; count--, next++) {
        crc ^= *next;
        // 0x82F63B78: the polynomial 0x1EDC6F41, reflected.
        for (int bit = 0; bit < 8; bit++) crc = crc & 1 ? crc >> 1 ^ 0x82F63B78 : crc >> 1;
    }
    return crc;
}

static uint32_t of_record(const unsigned char *record, size_t length) {
    uint32_t crc = cellar_crc32c_extend(~(uint32_t)0, record + HEADER, length - HEADER);
    return ~cellar_crc32c_extend(crc, record, 20);
}

#endif

WITH_INSTRUCTION size_t cellar_crc32c_right_records(const void *bytes, size_t count) {
    const unsigned char *first = bytes;
    size_t offset = 0;
    while (count - offset >= HEADER) {
        const unsigned char *record = first + offset;
        size_t length = half(record), padded_length = (length + 7) & ~(size_t)7;
        if (length < HEADER || padded_length > count - offset) break;
        if (of_record(record, length) != half(record + 20)) break;
        offset += padded_length;
    }
    return offset;
}
