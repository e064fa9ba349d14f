# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Lets slow work step back for the loops that have deadlines, within one process.

Whole processes get theirs from the stack (`nice`).
"""

import os
import threading

SLOW_WORK = 10
"""Nice value of threads that may wait when all cores are busy."""


def step_back(nice: int = SLOW_WORK) -> None:
    """Lower the priority of the calling thread, and of threads that it starts from now on.

    Linux has a nice value for each thread. Elsewhere it is the process's: nothing is done.
    """
    if os.uname().sysname == 'Linux':
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), nice)
