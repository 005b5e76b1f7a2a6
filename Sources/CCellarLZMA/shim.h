#pragma once
#include <lzma.h>

/// LZMA_TELL_UNSUPPORTED_CHECK is a cast in a macro, which Swift does not import.
static inline lzma_ret cellar_xz_init(lzma_stream *stream, uint64_t memory_limit) {
    return lzma_stream_decoder(stream, memory_limit, LZMA_TELL_UNSUPPORTED_CHECK);
}
