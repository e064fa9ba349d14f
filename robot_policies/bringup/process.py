# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""One process of a stack: started with a log of its own, and gone when its starter is gone."""

from collections.abc import Mapping, Sequence
import contextlib
import ctypes
import os
from pathlib import Path
import signal
import subprocess

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


class ManagedProcess:
    """A process in a group of its own, so that it hears of Ctrl-C only from its starter.

    Attributes:
        name: The node's name.
        log: File with everything that it prints.
        ready: True once it said so.
        failure: Why it could not start, in its own words; empty until it says so.
        required: Without it the stack ends.
        once: It does its work and ends with status 0.
    """

    def __init__(
        self, name: str, command: Sequence[str], env: Mapping[str, str], log: Path, required: bool
    ) -> None:
        """Start it.

        Args:
            name: The node's name.
            command: Program and arguments.
            env: Its whole environment.
            log: File to write its output to.
            required: Without it the stack ends.

        Raises:
            OSError: The program cannot be started.
        """
        self.name = name
        self.log = log
        self.ready = False
        self.failure = ''
        self.required = required
        self.once = False
        with log.open('wb') as output:
            self._popen = subprocess.Popen(
                list(command),
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=ChildSetup(os.getpid()),  # noqa: PLW1509 - the starter has no threads
            )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._popen.pid

    def exit_status(self) -> int | None:
        """Return its exit status, negative for a signal, or None while it runs."""
        return self._popen.poll()

    def send(self, signal_number: int) -> None:
        """Send a signal to it and to everything that it started."""
        # The group outlives its leader: what a dead node left behind is reached as well.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal_number)

    def last_lines(self, count: int) -> list[str]:
        """Return the last lines that it printed."""
        try:
            text = self.log.read_text(encoding='utf-8', errors='replace')
        except OSError:
            return []
        return [line for line in text.splitlines() if line.strip()][-count:]


class ChildSetup:
    """Runs in the child before the program: a group of its own, and an end with its parent.

    The kernel kills the child even if the parent is killed with -9 and cannot clean up. The child
    stays in the parent's session: Linux compares nice values only within one (autogroup).
    """

    def __init__(self, parent: int) -> None:
        """Prepare; `parent` is the process that starts the child."""
        self._parent = parent

    def __call__(self) -> None:
        """Ask the kernel for both."""
        os.setpgid(0, 0)  # the terminal's Ctrl-C is for the parent
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != self._parent:  # it died in between
            os._exit(1)


def end_with_parent() -> None:
    """Have this process asked to end (SIGTERM) when its parent dies, however it dies."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
