# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Lets loops that have deadlines come first, and slow work step back, within one process.

Whole processes get their priority from the stack (`nice`).
"""

import ctypes
import os
import platform
import threading

from robot_policies.ros.real_time import run_in_real_time

SLOW_WORK = 10
"""Nice value of threads that may wait when all cores are busy."""
SWITCH_S = 0.0005
"""So long a control loop waits for another thread to let go of the interpreter; Python's 5 ms are
a whole period of some."""
SHORT_SLICE_NS = 100_000
"""Shortest time slice that Linux grants."""
_CALLS = {'x86_64': (315, 314), 'aarch64': (275, 274)}
"""Machine -> numbers of sched_getattr and sched_setattr, which the C library does not wrap."""


class _Attributes(ctypes.Structure):
    """`struct sched_attr` of Linux."""

    _fields_ = (
        ('size', ctypes.c_uint32),
        ('policy', ctypes.c_uint32),
        ('flags', ctypes.c_uint64),
        ('nice', ctypes.c_int32),
        ('priority', ctypes.c_uint32),
        ('runtime', ctypes.c_uint64),
        ('deadline', ctypes.c_uint64),
        ('period', ctypes.c_uint64),
    )


def step_back(nice: int = SLOW_WORK) -> None:
    """Lower the priority of the calling thread, and of threads that it starts from now on.

    Linux has a nice value for each thread. Elsewhere it is the process's: nothing is done.
    """
    if os.uname().sysname == 'Linux':
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), nice)


def come_first(real_time: int = 0) -> None:
    """Let the calling thread, which has deadlines, run as soon as it wakes.

    Args:
        real_time: Its real-time priority where the system grants one, see `ros.real_time`; 0 for
            none.
    """
    if not (real_time and run_in_real_time(real_time)):
        wake_promptly()


def wake_promptly() -> bool:
    """Let the calling thread run as soon as it wakes, in exchange for shorter turns.

    From Linux 6.12 on a thread that asks for short time slices has early deadlines: when it wakes
    it takes the core from one that does not, instead of waiting for the end of that one's slice.
    It needs no privilege and gets no more of the processor than before.

    Returns:
        True if the system took it; older kernels take it and do nothing.
    """
    mine = _attributes()
    if mine is None:
        return False
    mine.runtime = SHORT_SLICE_NS
    number = _CALLS[platform.machine()][1]
    return bool(ctypes.CDLL(None).syscall(number, 0, ctypes.byref(mine), 0) == 0)


def slice_ns() -> int:
    """Return the time slice of the calling thread; 0 where the system does not tell."""
    mine = _attributes()
    return 0 if mine is None else int(mine.runtime)


def _attributes() -> _Attributes | None:
    """Return how the calling thread is scheduled, or None where that is not known."""
    if os.uname().sysname != 'Linux' or platform.machine() not in _CALLS:
        return None
    mine = _Attributes()
    number, size = _CALLS[platform.machine()][0], ctypes.sizeof(mine)
    failed = ctypes.CDLL(None).syscall(number, 0, ctypes.byref(mine), size, 0)
    return None if failed else mine
