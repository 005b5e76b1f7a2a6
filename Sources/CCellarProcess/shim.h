#ifndef CCELLAR_PROCESS_SHIM_H
#define CCELLAR_PROCESS_SHIM_H

#include <sys/prctl.h>

/// prctl is variadic, which Swift cannot call.
static inline void cellar_forbid_dumps(void) {
    prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L);
}

#endif
