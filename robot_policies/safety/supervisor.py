# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The state machine between everything that commands the robot and the robot.

Pure: values and a time in, a verdict out. It knows no ROS, no clock and no learning framework, so
that every transition is tested without a robot.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from robot_policies.core.contracts import SafetyCheck
from robot_policies.core.data_types import JointCommand, VelocityCommand
from robot_policies.core.robot import RobotSpec
from robot_policies.core.verdict import Severity, Verdict
from robot_policies.safety.fallback import Fallback
from robot_policies.safety.gate import Gate
from robot_policies.safety.latch import Latched, Phase, ResetAnswer, ResetConfig, Rest
from robot_policies.safety.state import SafetyState


@dataclass(frozen=True)
class Parts:
    """What a supervisor is made of.

    Attributes:
        robot: The robot.
        joint_checks: In their order.
        velocity_checks: In their order.
        fallback: What is done instead.
        reset: When a reset is refused.
        recovery: A check whose verdict is LIMIT to what gets the robot up again: RECOVER hands
            over to it. Without one RECOVER is DAMP.
        limits: Checks that bound what the fallback commands.
    """

    robot: RobotSpec
    joint_checks: Sequence[SafetyCheck[Any]]
    velocity_checks: Sequence[SafetyCheck[Any]]
    fallback: Fallback
    reset: ResetConfig
    recovery: SafetyCheck[JointCommand] | None = None
    limits: Sequence[SafetyCheck[Any]] = ()


class Supervisor:
    """Two gates and one latch.

    `judge` is the joint gate and drives the state machine; `judge_velocity` is the gate of the
    base velocity. Both must be called regularly, with or without a new command.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._joint: Gate[JointCommand] = Gate(parts.joint_checks)
        self._velocity: Gate[VelocityCommand] = Gate(parts.velocity_checks)
        self._limits: Gate[JointCommand] = Gate(parts.limits)
        # what a recovery wants is judged like any other command
        self._recovery: Gate[JointCommand] | None = (
            Gate([parts.recovery, *parts.joint_checks]) if parts.recovery else None
        )
        self._engaged_ns: int | None = None
        self._latched: Latched | None = None
        self._rest = Rest(parts.reset, parts.robot)
        self._last_command: JointCommand | None = None
        self._last_velocity: VelocityCommand | None = None
        self._joint_ns: int | None = None
        self._velocity_ns: int | None = None
        self.joint_verdict: Verdict[JointCommand] | None = None
        """The last judgement of the joint checks, also while latched: does the cause persist?"""
        self.velocity_verdict: Verdict[VelocityCommand] | None = None

    @property
    def needs(self) -> frozenset[str]:
        """Sources that some of its checks need beyond those that are always there."""
        checks = (*self._parts.joint_checks, *self._parts.velocity_checks)
        return frozenset(source for check in checks for source in getattr(check, 'needs', ()))

    @property
    def phase(self) -> Phase:
        """Where the supervisor stands."""
        if self._latched is not None:
            return Phase.LATCHED
        return Phase.WAITING if self._engaged_ns is None else Phase.ENGAGED

    @property
    def latched(self) -> Latched | None:
        """What latched, or None."""
        return self._latched

    def judge(
        self, command: JointCommand | None, state: SafetyState, now_ns: int
    ) -> Verdict[JointCommand]:
        """Return what may go to the joints in this tick; its command is always usable.

        Args:
            command: The newest command of the locomotion, or None if none came yet.
            state: What is measured.
            now_ns: Now.
        """
        state = self._complete(state, self._joint_ns, now_ns)
        verdict = self._judged(command or self._parts.fallback.damp(state), state, now_ns)
        self.joint_verdict = verdict
        self._advance(verdict, now_ns)
        if self._latched is not None:
            self._rest.note(state, now_ns)
        command = self._resolve(verdict, state, now_ns)
        answer = verdict if command is verdict.command else replace(verdict, command=command)
        if self._latched is not None:
            answer = replace(
                answer,
                severity=Severity.DAMP,
                reason=self._latched.reason,
                check=self._latched.check,
            )
        self._last_command, self._joint_ns = answer.command, now_ns
        return answer

    def judge_velocity(
        self, command: VelocityCommand | None, state: SafetyState, now_ns: int
    ) -> Verdict[VelocityCommand]:
        """Return the velocity that locomotion may follow; zero from HOLD on.

        Args:
            command: The command of whoever is in charge, or None if nobody is.
            state: What is measured.
            now_ns: Now.
        """
        state = self._complete(state, self._velocity_ns, now_ns)
        zero = VelocityCommand(command.stamp_ns if command else 0)
        verdict = self._velocity.judge(command or zero, state, now_ns)
        self.velocity_verdict = verdict
        if self._without_recovery(verdict.severity) == Severity.DAMP:
            self._latch(verdict, now_ns)
        joints_stopped = self.phase is not Phase.ENGAGED or (
            self.joint_verdict is not None and self.joint_verdict.severity >= Severity.HOLD
        )
        if joints_stopped or verdict.severity >= Severity.HOLD:
            verdict = replace(verdict, command=zero)
        self._last_velocity, self._velocity_ns = verdict.command, now_ns
        return verdict

    def due_ns(self, state: SafetyState) -> int | None:
        """Return when a source becomes too old if nothing more is heard; None if none can.

        Whoever asks at this instant, and not at the next tick, reacts a period earlier.
        """
        if self.phase is not Phase.ENGAGED:
            return None
        asked = (getattr(check, 'due_ns', None) for check in self._parts.joint_checks)
        due = (ask(state) for ask in asked if ask is not None)
        return min((time_ns for time_ns in due if time_ns is not None), default=None)

    def stop(self, reason: str, now_ns: int) -> None:
        """Latch at once."""
        stopped = Verdict(Severity.DAMP, None, reason, 'Stop')
        self._latch(stopped, now_ns)

    def disengage(self) -> None:
        """Cease to pass commands, when the node is deactivated; a latch stays."""
        self._engaged_ns = None
        self._last_command = self._last_velocity = None

    def reset(self, state: SafetyState) -> ResetAnswer:
        """Release the latch, unless the robot moves or what latched persists."""
        if self._latched is None:
            return ResetAnswer(False, f'nothing to reset: {self.phase.value}')
        required = self.reset_requires(state)
        if required:
            return ResetAnswer(False, f'reset refused: {"; ".join(required)}')
        self._latched = None
        self._joint.reset()
        self._velocity.reset()
        return ResetAnswer(True, 'reset: the robot engages when all sources are fresh')

    def reset_requires(self, state: SafetyState) -> tuple[str, ...]:
        """Return what stands against a reset right now, in words; empty if nothing does."""
        reasons = [self._rest.lacks(state)]
        joint, velocity = self.joint_verdict, self.velocity_verdict
        if joint is not None and joint.severity >= Severity.HOLD:
            reasons.append(f'the cause persists: {joint.reason}')
        if velocity is not None and velocity.severity >= Severity.RECOVER:
            reasons.append(f'the cause persists: {velocity.reason}')
        return tuple(reason for reason in reasons if reason)

    def _complete(self, state: SafetyState, last_ns: int | None, now_ns: int) -> SafetyState:
        return replace(
            state,
            engaged_ns=self._engaged_ns,
            last_command=self._last_command,
            last_velocity=self._last_velocity,
            # a gap or a jump of the clock is no licence for a large step
            tick_s=min(max((now_ns - last_ns) * 1e-9, 0.0), 0.02) if last_ns is not None else 0.0,
        )

    def _judged(
        self, command: JointCommand, state: SafetyState, now_ns: int
    ) -> Verdict[JointCommand]:
        verdict = self._joint.judge(command, state, now_ns)
        if verdict.severity == Severity.RECOVER and self._recovery is not None:
            return self._recovery.judge(command, state, now_ns)
        return verdict

    def _advance(self, verdict: Verdict[JointCommand], now_ns: int) -> None:
        waiting = self.phase is Phase.WAITING
        severity = verdict.severity if waiting else self._without_recovery(verdict.severity)
        if severity == Severity.DAMP:
            self._latch(verdict, now_ns)
        elif waiting and severity < Severity.HOLD:
            self._engaged_ns = now_ns

    def _without_recovery(self, severity: Severity) -> Severity:
        falls = severity == Severity.RECOVER and self._recovery is None
        return Severity.DAMP if falls else severity

    def _latch(self, verdict: Verdict[Any], now_ns: int) -> None:
        if self._latched is None:
            self._latched = Latched(verdict.check, verdict.reason, now_ns)
            self._rest.begin()
        self._engaged_ns = None

    def _resolve(
        self, verdict: Verdict[JointCommand], state: SafetyState, now_ns: int
    ) -> JointCommand:
        fallback = self._parts.fallback
        if self._latched is not None:
            latched = self._latched
            descent = fallback.descend(latched.check, state, latched.since_ns, now_ns)
            return self._bounded(descent, state, now_ns)
        if state.engaged_ns is None:
            return fallback.damp(state)
        if verdict.severity == Severity.HOLD:
            return self._bounded(fallback.hold(state), state, now_ns)
        return verdict.command

    def _bounded(self, command: JointCommand, state: SafetyState, now_ns: int) -> JointCommand:
        verdict = self._limits.judge(command, state, now_ns)
        broken = verdict.severity == Severity.DAMP
        return self._parts.fallback.damp(state) if broken else verdict.command
