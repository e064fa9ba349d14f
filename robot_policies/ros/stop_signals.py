# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Ctrl-C and SIGTERM, once or many times: one wish, that a process ends in order."""

from collections.abc import Iterator
from contextlib import contextmanager
import signal
from types import FrameType


class StopWish:
    """Whether somebody wants the process to end.

    Not a `threading.Event`: that takes a lock, and a second signal that comes while the first one
    holds it would wait for itself for ever.
    """

    def __init__(self) -> None:
        self.told = False

    def __call__(self, _number: int, _frame: FrameType | None) -> None:
        """Take a signal."""
        self.told = True


@contextmanager
def stop_on_signals() -> Iterator[StopWish]:
    """Give what SIGINT and SIGTERM tell; a second signal interrupts nothing.

    Not even the interpreter's own end, which takes handlers away but leaves ignored signals
    ignored.
    """
    stop = StopWish()
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_IGN if stop.told else handler)
