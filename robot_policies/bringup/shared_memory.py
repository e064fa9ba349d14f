# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Shared memory that the DDS layer uses: how much is free, and what killed processes left."""

import contextlib
import fcntl
import os
from pathlib import Path
import re
import time

SHARED_MEMORY = Path('/dev/shm')
_LOCK_SUFFIX = '_el'
_YOUNG_S = 10.0
_PORT = re.compile(r'fastrtps_port\d+')
_MAPPED = re.compile(r'/(fastrtps_port\d+)$', re.MULTILINE)


def free_shared_memory(folder: Path = SHARED_MEMORY) -> int:
    """Return the free bytes."""
    usage = os.statvfs(folder)
    return usage.f_bavail * usage.f_frsize


def remove_leftovers(folder: Path = SHARED_MEMORY) -> int:
    """Remove what Fast DDS left of processes that are gone; return how many segments and ports.

    A living process holds a lock on the file beside its segment, which the kernel ends with it.
    Nobody else removes what a killed one leaves, and every segment is 64 MiB. A port may be left
    without a lock; whoever opens it again takes over the settings of who made it, slow health
    checks among them. What has just been made is let be, because it may not be locked yet, and so
    is what belongs to somebody else.
    """
    removed = 0
    for lock in folder.glob(f'fastrtps_*{_LOCK_SUFFIX}'):
        segment = lock.with_name(lock.name.removesuffix(_LOCK_SUFFIX))
        with contextlib.suppress(OSError):
            if _is_old(lock) and not _is_held(lock):
                segment.unlink(missing_ok=True)
                lock.unlink()
                removed += 1
    ports = [port for port in folder.iterdir() if _PORT.fullmatch(port.name)]
    mapped = _mapped_ports() if ports else frozenset()
    for port in ports:
        locks = [port.with_name(port.name + suffix) for suffix in (_LOCK_SUFFIX, '_sl')]
        with contextlib.suppress(OSError):
            held = any(lock.exists() and _is_held(lock) for lock in locks)
            if _is_old(port) and not held and port.name not in mapped:
                port.unlink()
                removed += 1
    return removed


def _mapped_ports() -> frozenset[str]:
    """Return the names of the ports that a process which may be looked at has in its memory."""
    names: set[str] = set()
    for maps in Path('/proc').glob('[0-9]*/maps'):
        with contextlib.suppress(OSError):
            names.update(_MAPPED.findall(maps.read_text(encoding='utf-8', errors='replace')))
    return frozenset(names)


def _is_old(path: Path) -> bool:
    return time.time() - path.stat().st_mtime > _YOUNG_S


def _is_held(lock: Path) -> bool:
    with lock.open('rb') as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
