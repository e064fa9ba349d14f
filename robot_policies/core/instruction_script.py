# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A sequence of instructions, given one after the other until a person gives one."""

from collections.abc import Sequence

from robot_policies.core.data_types import PolicyStatus
from robot_policies.core.statistics import NS

_ATTEMPTS = 3
"""So many resets are tried before the robot counts as helpless."""
_LASTING_NS = 5 * NS
"""Who stands this long after a reset has got up."""
_ANSWERS = (PolicyStatus.REACHED, PolicyStatus.NOT_SEEN, PolicyStatus.NOT_UNDERSTOOD)


class InstructionScript:
    """Decides which instruction to give when.

    The first one is given once the policy has said anything. Each next one follows the policy's
    answer to the one before, or the end of patience. After the last one comes the first again.
    """

    def __init__(self, instructions: Sequence[str], *, patience_s: float, pause_s: float) -> None:
        """Prepare.

        Args:
            instructions: At least one, none of them empty.
            patience_s: Wait no longer than this for an answer.
            pause_s: Stand this long after an answer.

        Raises:
            ValueError: No instruction, or an empty one.
        """
        if not instructions or not all(text.strip() for text in instructions):
            raise ValueError('instructions: at least one is needed, and none may be empty')
        self._instructions = tuple(instructions)
        self._patience_ns = round(patience_s * NS)
        self._pause_ns = round(pause_s * NS)
        self._given = -1
        self._due_ns: int | None = None
        self._answered = False
        self.overruled_by: str | None = None

    @property
    def current(self) -> str:
        """The instruction that was given last; empty before the first."""
        return self._instructions[self._given] if self._given >= 0 else ''

    def hear_instruction(self, text: str) -> None:
        """Take note of an instruction on the topic: one that is not our own ends the script."""
        if self._given < 0 and not text:
            return  # an empty one from before
        if text != self.current:
            self.overruled_by = text

    def hear_status(self, status: PolicyStatus, instruction: str, now_ns: int) -> None:
        """Take note of what the policy says about `instruction`."""
        if self._due_ns is None:
            self._due_ns = now_ns + self._pause_ns
        elif status in _ANSWERS and instruction == self.current and not self._answered:
            self._answered = True
            self._due_ns = now_ns + self._pause_ns

    def next(self, now_ns: int) -> str | None:
        """Return the instruction to give now, or None for none."""
        if self.overruled_by is not None or self._due_ns is None or now_ns < self._due_ns:
            return None
        self._given = (self._given + 1) % len(self._instructions)
        self._answered = False
        self._due_ns = now_ns + self._patience_ns
        return self.current


class ResetHabit:
    """Decides when an unattended demonstration asks for a reset, as a person beside it would.

    Only after what the robot suffered, never after what a person wanted: a pressed stop stays.
    """

    def __init__(self, *, pause_s: float, stops: Sequence[str]) -> None:
        """Prepare.

        Args:
            pause_s: Time between two attempts, and before the first.
            stops: Names of the checks that say that a person wants the robot to stop.
        """
        self._pause_ns = round(pause_s * NS)
        self._stops = frozenset(stops)
        self._due_ns: int | None = None
        self._engaged_ns = 0
        self._attempts = 0
        self.engaged = False

    @property
    def in_vain(self) -> bool:
        """True if the robot sank again soon after each of the last resets: it lies badly."""
        return self._attempts > _ATTEMPTS

    def helped(self) -> None:
        """Take note that somebody has set the robot on its feet."""
        self._attempts = 0

    def hear(self, *, phase: str, check: str, now_ns: int) -> None:
        """Take note of what the supervisor says: its phase, and the check that decided."""
        if phase == 'engaged':
            if not self.engaged:
                self._engaged_ns = now_ns
            elif now_ns - self._engaged_ns >= _LASTING_NS:
                self._attempts = 0
        self.engaged = phase == 'engaged'
        if phase != 'latched' or check in self._stops:
            self._due_ns = None
        elif self._due_ns is None:
            self._due_ns = now_ns + self._pause_ns

    def wants(self, now_ns: int) -> bool:
        """Return True if a reset shall be asked for now; asking takes a pause."""
        if self._due_ns is None or now_ns < self._due_ns:
            return False
        self._due_ns = now_ns + self._pause_ns
        self._attempts += 1
        return True
