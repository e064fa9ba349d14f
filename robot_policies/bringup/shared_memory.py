# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Shared memory that the DDS layer uses: how much is free, and what killed processes left."""

import contextlib
import fcntl
import os
from pathlib import Path
import time

SHARED_MEMORY = Path('/dev/shm')
_LOCK_SUFFIX = '_el'
_YOUNG_S = 10.0


def free_shared_memory(folder: Path = SHARED_MEMORY) -> int:
    """Return the free bytes."""
    usage = os.statvfs(folder)
    return usage.f_bavail * usage.f_frsize


def remove_leftovers(folder: Path = SHARED_MEMORY) -> int:
    """Remove the Fast DDS segments of processes that were killed; return how many.

    A living process holds a lock on the file beside its segment, which the kernel ends with it.
    Nobody else removes what a killed one leaves, and every segment is 64 MiB. What has just been
    made is let be, because it may not be locked yet, and so is what belongs to somebody else.
    """
    removed = 0
    for lock in folder.glob(f'fastrtps_*{_LOCK_SUFFIX}'):
        segment = lock.with_name(lock.name.removesuffix(_LOCK_SUFFIX))
        with contextlib.suppress(OSError):
            if time.time() - lock.stat().st_mtime > _YOUNG_S and not _is_held(lock):
                segment.unlink(missing_ok=True)
                lock.unlink()
                removed += 1
    return removed


def _is_held(lock: Path) -> bool:
    with lock.open('rb') as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
