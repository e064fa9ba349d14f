# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What the supervisor says of itself: once per change, worse at once and better after a while."""

from dataclasses import dataclass
from typing import Any

from robot_policies.core.verdict import Severity, Verdict
from robot_policies.core.words import without_numbers
from robot_policies.safety.latch import Phase
from robot_policies.safety.state import SafetyState
from robot_policies.safety.supervisor import Supervisor

CALM_S = 0.5
"""A limit that acts in every other step of a gait is one state, not two per step."""


@dataclass(frozen=True)
class Status:
    """The state in words.

    Attributes:
        severity: The worst of both gates.
        phase: Where the supervisor stands.
        check: The check that decided; empty for PASS.
        reason: Why, in words and with the numbers; empty for PASS.
    """

    severity: Severity
    phase: Phase
    check: str = ''
    reason: str = ''

    @property
    def words(self) -> str:
        """One line for the operator."""
        if self.phase is Phase.LATCHED:
            return f'stopped, robot soft: {self.reason}'
        if self.phase is Phase.WAITING:
            return f'robot soft until ready: {self.reason or "engaging next"}'
        return self.reason or 'all checks pass'

    @property
    def cause(self) -> tuple[Severity, Phase, str, str]:
        """What makes one status different from another: not the numbers in its words.

        What limits a command changes with every step of a gait, so there the check is enough; of
        what stops the robot each reason counts.
        """
        stops = self.severity >= Severity.HOLD
        words = without_numbers(self.reason) if stops else ''
        return (self.severity, self.phase, self.check, words)


def status_of(supervisor: Supervisor) -> Status:
    """Return the present status."""
    phase = supervisor.phase
    if supervisor.latched is not None:
        return Status(Severity.DAMP, phase, supervisor.latched.check, supervisor.latched.reason)
    joint, velocity = supervisor.joint_verdict, supervisor.velocity_verdict
    if phase is Phase.WAITING:
        reason = joint.reason if joint is not None else ''
        return Status(Severity.DAMP, phase, joint.check if joint is not None else '', reason)
    worst = _worse(joint, velocity)
    if worst is None:
        return Status(Severity.PASS, phase)
    return Status(worst.severity, phase, worst.check, worst.reason)


def status_values(
    status: Status, supervisor: Supervisor, state: SafetyState, now_ns: int
) -> dict[str, str]:
    """Return what `safety/status` carries beside the words."""
    latched = status.phase is Phase.LATCHED
    required = supervisor.reset_requires(state) if latched else ()
    values = {
        'severity': status.severity.name,
        'phase': status.phase.value,
        'latched': str(latched).lower(),
        'check': status.check,
        'reason': status.reason,
        'reset_requires': '; '.join(required),
        'velocity_source': state.velocity_source,
    }
    for source in sorted(state.heard):
        values[f'age_ms.{source}'] = f'{state.age_s(source, now_ns) * 1e3:.0f}'
    return values


class ChangeFilter:
    """Passes a status when it is news.

    It is, if its cause is another one than that of the last news, and one of these holds:

    * it is worse, or the supervisor is in another phase;
    * it stops a robot that was going, and this cause was not told a moment ago (of causes that
      alternate each is told once);
    * the last news has been over for a while, so this is no momentary relief.
    """

    def __init__(self, calm_s: float = CALM_S) -> None:
        self._calm_ns = int(calm_s * 1e9)
        self._told: Status | None = None
        self._told_last_true_ns = 0
        self._severity_before = Severity.PASS
        self._told_ns: dict[Any, int] = {}

    def news(self, status: Status, now_ns: int) -> bool:
        """Return True if `status` has to be told now."""
        stops_anew = status.severity >= Severity.HOLD and status.severity > self._severity_before
        self._severity_before = status.severity
        told = self._told
        if told is not None and status.cause == told.cause:
            self._told_last_true_ns = now_ns
            return False
        recent = {k: v for k, v in self._told_ns.items() if now_ns - v < self._calm_ns}
        worse = told is None or status.severity > told.severity or status.phase != told.phase
        is_over = now_ns - self._told_last_true_ns >= self._calm_ns
        if not (worse or is_over or (stops_anew and status.cause not in recent)):
            return False
        self._told, self._told_last_true_ns = status, now_ns
        self._told_ns = {**recent, status.cause: now_ns}
        return True


def _worse(*verdicts: Verdict[Any] | None) -> Verdict[Any] | None:
    present = [verdict for verdict in verdicts if verdict is not None]
    worst = max(present, key=lambda verdict: verdict.severity, default=None)
    return worst if worst is not None and worst.severity > Severity.PASS else None
