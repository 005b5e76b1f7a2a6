#pragma once
// bzlib.h names FILE without asking for it.
#include <stdio.h>
#include <bzlib.h>
