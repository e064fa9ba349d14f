# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What is done with a policy's answers: one velocity at any instant, and words about it.

Free of ROS and of time's passing, so that every order of events can be tried in microseconds.
May be told from several threads.
"""

from dataclasses import dataclass
from enum import IntEnum
import threading

import numpy as np
from robot_policies.core.action_buffer import ActionBuffer, Merge
from robot_policies.core.contracts import Policy, PrefixPolicy
from robot_policies.core.data_types import (
    ActionChunk,
    Missing,
    Observation,
    PolicyStatus,
    VelocityCommand,
)
from robot_policies.core.velocity_ramp import VelocityRamp

STANDING = frozenset(PolicyStatus) - {PolicyStatus.ACTING, PolicyStatus.SEARCHING}
"""Answers whose actions are not executed: the robot stands, whatever they hold."""
REFUSALS = frozenset({PolicyStatus.NOT_SEEN, PolicyStatus.NOT_UNDERSTOOD})


class Level(IntEnum):
    """How the policy fares, as in diagnostic_msgs/DiagnosticStatus."""

    OK = 0
    WARN = 1
    ERROR = 2


@dataclass(frozen=True)
class PolicyReport:
    """What the operator is told.

    Attributes:
        status: What the policy said last; IDLE while it was not asked or cannot answer.
        level: OK; WARN where the robot stands because something is missing or refused; ERROR.
        words: The same for a person.
        instruction: What it follows.
    """

    status: PolicyStatus
    level: Level
    words: str
    instruction: str


class PolicyExecutor:
    """Follows chunks while there is an instruction and everything is well, and stands else.

    A new instruction, missing inputs and a failure begin a new generation: answers to what was
    asked before are dropped.
    """

    def __init__(self, buffer: ActionBuffer, ramp: VelocityRamp, answer_timeout_ns: int) -> None:
        """Create an executor without an instruction.

        Args:
            buffer: Of width 3: vx, vy, yaw rate.
            ramp: Keeps the velocity within the robot's accelerations.
            answer_timeout_ns: An answer that takes longer is reported.
        """
        self.buffer = buffer
        self.instruction = ''
        self.generation = 0
        self._ramp = ramp
        self._answer_timeout_ns = answer_timeout_ns
        self._asked_ns: int | None = None
        self._missing: Missing | None = None
        self._failure = ''
        self._answer: tuple[PolicyStatus, str] = (PolicyStatus.IDLE, '')
        self._lock = threading.RLock()

    @property
    def wants_answers(self) -> bool:
        """True while there is something to ask the policy for."""
        return bool(self.instruction)

    def instruct(self, text: str) -> bool:
        """Follow another instruction; empty stops. Returns True if it is another one."""
        with self._lock:
            changed = text.strip() != self.instruction
            if changed:
                self.instruction = text.strip()
                self.restart()
            return changed

    def restart(self) -> None:
        """Forget plan and answers, e.g. after a clock jump: stand until a fresh answer."""
        with self._lock:
            self.generation += 1
            self.buffer.flush()
            self._answer = (PolicyStatus.IDLE, '')
            self._missing, self._failure, self._asked_ns = None, '', None

    def asked(self, now_ns: int) -> None:
        """Note that the policy was given an observation: nothing is missing."""
        with self._lock:
            self._missing = None
            if self._asked_ns is None:
                self._asked_ns = now_ns

    def miss(self, missing: Missing) -> None:
        """Stand, since the policy cannot be asked."""
        with self._lock:
            if self._missing is None:
                self.restart()
            self._missing = missing

    def heed(self, silent: Missing | None) -> None:
        """Stand as soon as a source falls silent: the next question may be a while away."""
        if silent is not None and self.instruction:
            self.miss(silent)

    def fail(self, generation: int, words: str) -> None:
        """Stand, since the policy failed on what `generation` asked."""
        with self._lock:
            if generation == self.generation:
                self.restart()
                self._failure = words

    def answer(self, chunk: ActionChunk, generation: int, now_ns: int) -> Merge | None:
        """Take in an answer.

        Args:
            chunk: The answer.
            generation: Of the executor when the question was put.
            now_ns: Now, on the clock of the stamps.

        Returns:
            What became of the chunk; None if its question is no longer of interest.
        """
        with self._lock:
            if generation != self.generation or not self.instruction:
                return None
            self._asked_ns = None
            outcome = self.buffer.merge(chunk, now_ns)
            if outcome in (Merge.WRONG_WIDTH, Merge.WRONG_LENGTH, Merge.NOT_FINITE):
                self.fail(generation, f'the policy answered a chunk that is {outcome.value}')
            elif outcome is Merge.ACCEPTED:
                self._failure = ''
                self._answer = (chunk.status, chunk.message)
                if chunk.status in STANDING:
                    self.buffer.flush()
            return outcome

    def consult(self, policy: Policy, observation: Observation) -> ActionChunk:
        """Return a policy's answer, which goes on from what is committed if there is anything.

        As slow as the policy; nothing is locked meanwhile.
        """
        prefix = self.buffer.prefix(observation.stamp_ns)
        if prefix is None or not isinstance(policy, PrefixPolicy):
            return policy.infer(observation)
        return policy.infer_with_prefix(observation, prefix)

    def velocity(self, now_ns: int) -> VelocityCommand:
        """Return the velocity for now; call it at the control rate."""
        with self._lock:
            planned, end_ns = self.buffer.sample(now_ns), self.buffer.end_ns()
            if planned is None or end_ns is None:
                values = self._ramp.follow(np.zeros(3), now_ns)
            else:
                values = self._ramp.follow(planned, now_ns, end_ns - now_ns)
            return VelocityCommand.from_array(now_ns, values)

    def is_due(self, now_ns: int) -> bool:
        """Return whether the policy should be asked now, as far as the scheduler is concerned."""
        with self._lock:
            return bool(self.instruction) and self.buffer.is_due(
                now_ns, self._asked_ns is not None
            )

    def report(self, now_ns: int) -> PolicyReport:
        """Return what to tell the operator."""
        with self._lock:
            status, words = self._answer
            level = Level.WARN if status in REFUSALS else Level.OK
            problem = '' if status in STANDING - {PolicyStatus.IDLE} else self.buffer.problem()
            if not self.instruction:
                words = 'No instruction: standing.'
            elif self._failure:
                level, words = Level.ERROR, f'{self._failure}: standing.'
            elif self._missing is not None:
                level, words = Level.WARN, f'Standing: {self._missing}.'
            elif self._is_overdue(now_ns):
                level, words = Level.ERROR, 'The policy does not answer.'
            elif problem:
                held = self.buffer.sample(now_ns) is None
                level, words = Level.WARN, f'{"Holding" if held else "Too slow"}: {problem}.'
            elif status is PolicyStatus.IDLE:
                words = words or 'Thinking.'
            return PolicyReport(status, level, words or status.name.lower(), self.instruction)

    def _is_overdue(self, now_ns: int) -> bool:
        return self._asked_ns is not None and now_ns - self._asked_ns > self._answer_timeout_ns
