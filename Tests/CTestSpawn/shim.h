// What glibc declares for those only who ask for its extensions, which Swift's Glibc does not.

#pragma once

#include <fcntl.h>
#include <spawn.h>

int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *folder);
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int first);
int pipe2(int descriptors[2], int flags);
