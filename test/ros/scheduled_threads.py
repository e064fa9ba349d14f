# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""How the threads of this process are scheduled."""

from contextlib import suppress
import os
from pathlib import Path
import threading


def scheduled(name):
    """Return policy and priority of each thread of a name."""
    numbers = [thread.native_id for thread in threading.enumerate() if thread.name == name]
    return [scheduled_as(number) for number in numbers]


def scheduled_as(number):
    """Return policy and priority of a thread, 0 for the calling one."""
    policy = os.sched_getscheduler(number) & ~os.SCHED_RESET_ON_FORK
    return policy, os.sched_getparam(number).sched_priority


def all_ordinary():
    """Take from this process's threads what a node in it has given them."""
    for task in Path('/proc/self/task').iterdir():
        with suppress(ProcessLookupError):
            os.sched_setscheduler(int(task.name), os.SCHED_OTHER, os.sched_param(0))
