# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Runs control loops, and the middleware's threads that feed them, in real time.

A thread with Linux's policy SCHED_RR goes before all ordinary ones as soon as it wakes, whatever
their nice values. Only what is short and waits most of the time may have it: what never waits
would lock everything else out (Linux leaves the others 5 % of the time). It takes a right: root,
`CAP_SYS_NICE`, or a limit `rtprio`.
"""

import os
from pathlib import Path
import threading

HIGHEST = 49
"""Below 50, which Linux gives to its own interrupt threads."""
ANSWERS, INFERENCE, RENDERING = 3, 2, 1
"""For what shares the interpreter with a loop, see `keep_the_interpreter_moving`: threads of one
priority take turns of 100 ms, so what takes longer has a lower one."""
_MIDDLEWARE = ('dds.', 'recv', 'dq.')
"""How Fast DDS names its threads, and Cyclone DDS those that receive and deliver."""
_WATCHDOG = 'dds.shm.wdog'
"""Fast DDS's, which looks after shared memory and brings nothing."""
_TASKS = Path('/proc/self/task')


def run_in_real_time(priority: int, thread: int = 0) -> bool:
    """Give a thread of this process a real-time priority.

    Threads that it starts are ordinary ones.

    Args:
        priority: Of SCHED_RR, 1 to `HIGHEST`; the higher comes first.
        thread: Its native number; 0 for the calling thread.

    Returns:
        False if the system does not know or not grant it; nothing has changed then.
    """
    try:
        policy = os.SCHED_RR | os.SCHED_RESET_ON_FORK
        os.sched_setscheduler(thread, policy, os.sched_param(priority))
    except (AttributeError, OSError):
        return False
    return True


def keep_the_interpreter_moving(priority: int) -> None:
    """Give the calling thread a real-time priority below every loop's.

    A loop that needs the interpreter waits for the thread that has it. If that one is ordinary,
    a busy machine lets it wait in its turn, and the loop with it, for a hundred milliseconds and
    more. Not for a thread that may compute without end.

    Args:
        priority: `ANSWERS`, `INFERENCE` or `RENDERING`.
    """
    run_in_real_time(priority)


def is_granted() -> bool:
    """Return whether this process may run threads in real time; it is tried in one that ends."""
    answers: list[bool] = []
    thread = threading.Thread(target=lambda: answers.append(run_in_real_time(1)))
    thread.start()
    thread.join()
    return answers[0]


def middleware_in_real_time(priority: int) -> int:
    """Give the middleware's threads of this process a real-time priority.

    A loop that waits for a message is no faster than the thread that brings it.

    Returns:
        How many have it now; 0 with a middleware whose threads are not known by name.
    """
    return sum(run_in_real_time(priority, thread) for thread in middleware_threads())


def middleware_threads() -> list[int]:
    """Return the native numbers of the middleware's threads in this process."""
    found = []
    for task in _TASKS.glob('*'):
        try:
            name = (task / 'comm').read_text(encoding='utf-8').strip()
        except OSError:
            continue  # it has ended
        if name.startswith(_MIDDLEWARE) and name != _WATCHDOG:
            found.append(int(task.name))
    return found
