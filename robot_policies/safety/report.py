# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What the supervisor says of itself: once per change, worse at once and better after a while."""

from dataclasses import dataclass
import re
from typing import Any

from robot_policies.core.verdict import Severity, Verdict
from robot_policies.safety.latch import Phase
from robot_policies.safety.state import SafetyState
from robot_policies.safety.supervisor import Supervisor

CALM_S = 0.5
"""A limit that acts in every other step of a gait is one state, not two per step."""
_NUMBER = re.compile(r'-?\d+(\.\d+)?(e[+-]?\d+)?')


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
        words = _NUMBER.sub('#', self.reason) if stops else ''
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
    """Passes a status when it is news: another cause, unless it is milder and only momentary.

    What stops a robot that was going is news even if another stop was told just before, but each
    cause of it once while they alternate.
    """

    def __init__(self, calm_s: float = CALM_S) -> None:
        self._calm_ns = int(calm_s * 1e9)
        self._shown: Status | None = None
        self._confirmed_ns = 0
        self._before = Severity.PASS
        self._told_ns: dict[Any, int] = {}

    def news(self, status: Status, now_ns: int) -> bool:
        """Return True if `status` has to be told now."""
        shown, before, self._before = self._shown, self._before, status.severity
        if shown is not None and status.cause == shown.cause:
            self._confirmed_ns = now_ns
            return False
        worse = shown is None or status.severity > shown.severity or status.phase != shown.phase
        stops = status.severity >= Severity.HOLD and status.severity > before
        if (
            worse
            or (stops and self._is_calm(self._told_ns.get(status.cause), now_ns))
            or self._is_calm(self._confirmed_ns, now_ns)
        ):
            self._shown, self._confirmed_ns = status, now_ns
            recent = {k: v for k, v in self._told_ns.items() if not self._is_calm(v, now_ns)}
            self._told_ns = {**recent, status.cause: now_ns}
            return True
        return False

    def _is_calm(self, since_ns: int | None, now_ns: int) -> bool:
        return since_ns is None or now_ns - since_ns >= self._calm_ns


def _worse(*verdicts: Verdict[Any] | None) -> Verdict[Any] | None:
    present = [verdict for verdict in verdicts if verdict is not None]
    worst = max(present, key=lambda verdict: verdict.severity, default=None)
    return worst if worst is not None and worst.severity > Severity.PASS else None
