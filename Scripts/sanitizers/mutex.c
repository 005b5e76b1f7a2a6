// Tells ThreadSanitizer of the locks of Swift's Synchronization.Mutex. Preloaded by Scripts/sanitize.
//
// A Mutex that is free is taken and let go by atomic operations in the program itself, which ThreadSanitizer sees. One
// that is waited for goes through the kernel (FUTEX_LOCK_PI) inside of libswiftSynchronization.so, which is not built
// for it: then everything that a Mutex guards looks like a race. These two take the place of the functions for that,
// and say what happened.

#include <dlfcn.h>
#include <stdint.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *self
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

// Weak: programs without the sanitizer, such as the one that starts the tests, are given this library too.
__attribute__((weak)) void __tsan_acquire(void *address);
__attribute__((weak)) void __tsan_release(void *address);

SWIFT void lock(uint32_t state, SELF) __asm__(LOCK);
SWIFT void lock(uint32_t state, SELF) {
    ((SWIFT void (*)(uint32_t, SELF))dlsym(RTLD_NEXT, LOCK))(state, self);
    if (__tsan_acquire) __tsan_acquire(self);
}

SWIFT void unlock(SELF) __asm__(UNLOCK);
SWIFT void unlock(SELF) {
    if (__tsan_release) __tsan_release(self);
    ((SWIFT void (*)(SELF))dlsym(RTLD_NEXT, UNLOCK))(self);
}
