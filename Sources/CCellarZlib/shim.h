#pragma once
#include <zlib.h>

/// inflateInit2 is a macro, which Swift cannot call. 15 + 16 accepts gzip and nothing else.
static inline int cellar_gzip_init(z_stream *stream) { return inflateInit2(stream, 15 + 16); }
