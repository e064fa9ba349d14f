# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Stands in for the locomotion node, and can be told to say something else in between."""

from collections.abc import Iterator
from contextlib import contextmanager
import threading
import time
from typing import Any

from robot_policies.ros import topics
from robot_policies.ros.codecs.header import stamp_ns
from robot_policies.ros.probes.fault_probe import FaultProbe
from robot_policies.ros.probes.fuzz import CommandFuzz

_PERIOD_S = 0.02


class StandIn:
    """Commands the default pose at 50 Hz until it is closed; one publisher, one count."""

    def __init__(self, probe: FaultProbe, fuzz: CommandFuzz) -> None:
        """Begin.

        Args:
            probe: Publishes, and knows the newest joint state.
            fuzz: Makes the messages.
        """
        self._probe, self._fuzz = probe, fuzz
        self._lock, self._turn = threading.Lock(), threading.Lock()
        self._stamp_ns = 0
        self._due_s = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._stop.is_set():
            with self._turn:
                left_s = self._due_s - time.monotonic()
                if left_s <= 0.0:
                    self.say(self._fuzz.command(self.stamp_ns()))
                    left_s = _PERIOD_S
            time.sleep(left_s)

    @contextmanager
    def alone(self) -> Iterator[int]:
        """Give a stamp for a command that no other one overtakes, nor replaces for a period.

        Who listens keeps the newest command alone, and refuses a stamp that does not advance.
        """
        with self._turn:
            yield self.stamp_ns()
            self._due_s = time.monotonic() + _PERIOD_S

    def stamp_ns(self) -> int:
        """Return a stamp for a command that rests on the newest joint state; it always rises."""
        newest = self._probe.last(topics.JOINT_STATES)
        with self._lock:
            heard_ns = stamp_ns(newest) if newest is not None else 0
            self._stamp_ns = max(self._stamp_ns + 1, heard_ns)
            return self._stamp_ns

    def say(self, message: Any) -> None:  # noqa: ANN401
        """Publish a command, or what is none."""
        with self._lock:
            self._probe.say(topics.LOCOMOTION_COMMAND, message)

    def close(self) -> None:
        """Fall silent and leave."""
        self._stop.set()
        self._thread.join()
        self._probe.leave(topics.LOCOMOTION_COMMAND)
