#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Whether this processor has an instruction for CRC-32C: SSE 4.2 on x86-64, the CRC extension on ARM.
///
/// Swift cannot ask for an instruction that not every processor of the architecture has.
bool cellar_crc32c_has_instruction(void);

/// The register after `count` more bytes. Only where the processor has the instruction.
///
/// The register begins with all bits set, and its complement at the end is the checksum.
uint32_t cellar_crc32c_extend(uint32_t crc, const void *bytes, size_t count);
