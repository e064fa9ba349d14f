# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Keeps the cores from sleeping while deadlines are measured.

A core with nothing to do sleeps, and a virtual one is given back to its host: both wake it late,
by up to milliseconds and by tens of them. Real-time systems switch that off (`idle=poll`). From
here it takes a process on each core that computes whenever nothing else wants to.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
import os
import subprocess
import sys

from robot_policies.bringup.process import end_with_parent
from robot_policies.bringup.session import GROUP


@contextmanager
def cores_awake() -> Iterator[None]:
    """Let no core sleep; nothing where the system does not know a lowest class of processes."""
    known = hasattr(os, 'SCHED_IDLE') and hasattr(os, 'sched_getaffinity')
    cores = sorted(os.sched_getaffinity(0)) if known else []
    processes = [
        subprocess.Popen(
            [sys.executable, '-m', __name__, str(core), str(os.getpid())], start_new_session=True
        )
        for core in cores
    ]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
        for process in processes:
            process.wait()


def main(core: int, parent: int) -> None:
    """Compute on a core, after everybody else, as long as the parent lives."""
    os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    os.sched_setaffinity(0, {core})
    with suppress(OSError):  # the class counts only within a session, where these are weighed
        GROUP.write_text('19', encoding='ascii')
    end_with_parent()
    while os.getppid() == parent:
        pass


if __name__ == '__main__':
    main(int(sys.argv[1]), int(sys.argv[2]))
