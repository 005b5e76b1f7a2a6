#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Whether this processor has an instruction for CRC-32C: SSE 4.2 on x86-64, the CRC extension on ARM.
///
/// Swift cannot ask for an instruction that not every processor of the architecture has. To be called once, before
/// the others: it computes what that needs beside the instruction.
bool cellar_crc32c_prepare(void);

/// The register after `count` more bytes. Only where the processor has the instruction.
///
/// The register begins with all bits set, and its complement at the end is the checksum.
uint32_t cellar_crc32c_extend(uint32_t crc, const void *bytes, size_t count);

/// How many bytes at the front are WAL records with the right checksum, one behind the other, each with the bytes up to
/// the next multiple of eight. Only where the processor has the instruction.
///
/// Nothing else is looked at but that a record is as long as its header and lies in the bytes. All in one call: the
/// processor begins with the checksums of the next records while it waits for that of one.
size_t cellar_crc32c_right_records(const void *bytes, size_t count);
