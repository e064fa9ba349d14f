# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Waits for what the robot does, and takes the times, from outside."""

from collections.abc import Callable
import time
from typing import Any

from robot_policies.evaluation.faults.fault import NotHeldError, RigError
from robot_policies.evaluation.faults.recognise import is_damping, is_zero
from robot_policies.ros import topics
from robot_policies.ros.probes.fault_probe import FaultProbe
from robot_policies.ros.probes.listener import Heard

REACTION_S = 15.0
"""A reaction that has not come by then does not come."""
_POLL_S = 0.01
_BEFORE_NS = 100_000_000
"""A time is taken from the last good message before a fault."""


class Witness:
    """Sees by a probe what the robot does.

    Attributes:
        probe: Listens beside the stack.
    """

    def __init__(self, probe: FaultProbe) -> None:
        """Begin without any time taken."""
        self.probe = probe
        self._timed: list[int] = []

    @property
    def now_ns(self) -> int:
        """System time, which the middleware's times are in."""
        return time.time_ns()

    def wait(self, condition: Callable[[], bool], what: str, timeout_s: float) -> None:
        """Wait for a condition.

        Raises:
            RigError: It did not come true.
        """
        deadline = time.monotonic() + timeout_s
        while not condition():
            if time.monotonic() > deadline:
                words = self.probe.status.get('words', 'nothing is heard of the safety node')
                raise RigError(f'{what} did not come true in {timeout_s:.0f} s: {words}')
            time.sleep(_POLL_S)

    def promised(self, condition: Callable[[], bool], what: str, timeout_s: float) -> None:
        """Wait for a condition that the contract promises.

        Raises:
            NotHeldError: It did not come true.
        """
        try:
            self.wait(condition, what, timeout_s)
        except RigError as error:
            raise NotHeldError(str(error)) from error

    def reaction(
        self,
        topic: topics.Topic,
        wanted: Callable[[Any], bool],
        after_ns: int,
        what: str,
        timeout_s: float = REACTION_S,
    ) -> Heard:
        """Wait for the message that is the reaction.

        Args:
            topic: Where it comes.
            wanted: Recognises it.
            after_ns: System time before which nothing counts.
            what: In words.
            timeout_s: When it is given up.

        Raises:
            NotHeldError: It did not come.
        """
        found: list[Heard] = []

        def came() -> bool:
            first = self.probe.first(topic, wanted, after_ns)
            found.extend([first] if first is not None else [])
            return bool(found)

        self.promised(came, what, timeout_s)
        if after_ns:
            self._timed += [after_ns - _BEFORE_NS, found[0].received_ns]
        return found[0]

    @property
    def timed_ns(self) -> tuple[int, int] | None:
        """From just before the fault to the last reaction, system time; None if none was timed."""
        return (min(self._timed), max(self._timed)) if self._timed else None

    def damped(self, after_ns: int) -> Heard:
        """Wait for the first damping joint command."""
        return self.reaction(topics.JOINT_COMMAND, is_damping, after_ns, 'DAMP')

    def stands_still(self, after_ns: int, timeout_s: float = REACTION_S) -> Heard:
        """Wait for the first base velocity that is zero."""
        return self.reaction(topics.CMD_VEL, is_zero, after_ns, 'velocity zero', timeout_s)

    def latched(self) -> bool:
        """True while the supervisor's status says that it has latched."""
        return self.probe.status.get('latched') == 'true'

    def wrongly_latched(self) -> tuple[str, ...]:
        """Return as a violation that the supervisor has latched; nothing if it has not."""
        if not self.latched():
            return ()
        return (f'it latched, and could have stood: {self.probe.status.get("reason", "")}',)

    def need_latch(self, words: str = '') -> None:
        """Check that the supervisor has latched, for a reason that contains `words`.

        Raises:
            NotHeldError: It has not, or for another one.
        """
        self.reaction(
            topics.SAFETY_STATUS,
            lambda _: self.latched() and words in self.probe.status.get('reason', ''),
            0,
            f'a latch because of {words or "it"}',
        )
