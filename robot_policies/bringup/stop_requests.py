# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What asks a running stack to end."""

import os
from pathlib import Path
import signal

from robot_policies.bringup.process import end_with_parent


class StopRequests:
    """Counts Ctrl-C and its kin: the first one ends the stack, each further one hastens it."""

    def __init__(self) -> None:
        self._signals = 0
        self._parent: int | None = None

    @property
    def count(self) -> int:
        """How often somebody asked so far."""
        interrupted = self._parent is not None and not catches_interrupt(self._parent)
        return self._signals + interrupted

    def listen(self) -> None:
        """Take over the signals that ask a program to end."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note)

    def follow_parent(self) -> None:
        """Also end when the process that started this one ends, or is interrupted.

        `make` that is interrupted alone, without its group, tells its children nothing: it stops
        catching the signal and waits for them.
        """
        end_with_parent()
        if catches_interrupt(os.getppid()):
            self._parent = os.getppid()

    def _note(self, *_: object) -> None:
        self._signals += 1


def catches_interrupt(pid: int) -> bool:
    """Return whether a process has a handler of its own for SIGINT; False if it is gone."""
    try:
        status = Path(f'/proc/{pid}/status').read_text(encoding='utf-8')
    except OSError:
        return False
    caught = next(line for line in status.splitlines() if line.startswith('SigCgt:'))
    return bool(int(caught.split()[1], 16) >> (signal.SIGINT - 1) & 1)
