#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Whether this processor has an instruction for CRC-32C: SSE 4.2 on x86-64, the CRC extension on ARM.
///
/// Swift cannot ask for an instruction that not every processor of the architecture has. To be called once, before
/// the other: it computes what that needs beside the instruction.
bool cellar_crc32c_prepare(void);

/// The register after `count` more bytes. Only where the processor has the instruction.
///
/// The register begins with all bits set, and its complement at the end is the checksum.
uint32_t cellar_crc32c_extend(uint32_t crc, const void *bytes, size_t count);

/// The checksum of a WAL record of `length` bytes, at least 24: of what follows its header, then of the header's first
/// 20 bytes. Only where the processor has the instruction.
///
/// It reads up to the next multiple of eight bytes, which belong to every record but need not be zeros.
uint32_t cellar_crc32c_of_record(const void *record, size_t length);
