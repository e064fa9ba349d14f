# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A stack that runs beside this process for a while, started as a user starts it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
import queue
import signal
import subprocess
import sys
import threading
import time

from robot_policies.core.errors import RobotPoliciesError

_READY = 'ready after'
_START_S = 180.0
_END_S = 120.0


class StackStartError(RobotPoliciesError):
    """A stack that was started did not get ready."""


@contextmanager
def background_stack(
    name: str, assignments: Sequence[str], say: Callable[[str], None]
) -> Iterator[None]:
    """Start a stack, give control when it is ready, and end it.

    Args:
        name: Shipped name of the stack, or path of its YAML.
        assignments: `key:=value` words.
        say: Takes each line of its output.

    Raises:
        StackStartError: It ended, or took too long.
    """
    command = [sys.executable, '-m', 'robot_policies.cli', 'up', '--die-with-parent', name]
    process = subprocess.Popen(
        [*command, *assignments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(process, lines), daemon=True).start()
    try:
        _wait_ready(process, lines, say)
        yield
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        try:
            process.wait(_END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _read(process: 'subprocess.Popen[str]', lines: 'queue.SimpleQueue[str]') -> None:
    for line in process.stdout or ():
        lines.put(line.rstrip())


def _wait_ready(
    process: 'subprocess.Popen[str]',
    lines: 'queue.SimpleQueue[str]',
    say: Callable[[str], None],
) -> None:
    deadline = time.monotonic() + _START_S
    last = 'it said nothing'
    while time.monotonic() < deadline:
        try:
            last = lines.get(timeout=0.2)
        except queue.Empty:
            if process.poll() is not None:
                break
            continue
        say(last)
        if _READY in last:
            return
    raise StackStartError(f'the stack did not get ready: {last}')
