# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A row of checks. Pure: no clock, no thread, no ROS."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Generic, TypeVar

from robot_policies.core.contracts import SafetyCheck
from robot_policies.core.verdict import Severity, Verdict
from robot_policies.safety.state import SafetyState

CommandT = TypeVar('CommandT')


class Gate(Generic[CommandT]):
    """Asks its checks in order. Each sees the command as limited so far; the worst wins."""

    def __init__(self, checks: Sequence[SafetyCheck[CommandT]]) -> None:
        """Create the gate; the same check may stand in several places and gates."""
        self._checks = tuple((type(check).__name__, check) for check in checks)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the checks in their order."""
        return tuple(name for name, _ in self._checks)

    def reset(self) -> None:
        """Make every check forget what happened."""
        for _, check in self._checks:
            check.reset()

    def judge(self, command: CommandT, state: SafetyState, now_ns: int) -> Verdict[CommandT]:
        """Return the worst verdict, with the command as limited by all checks.

        Nothing is worse than DAMP, so the checks after it are not asked.
        """
        worst = Verdict(Severity.PASS, command)
        for name, check in self._checks:
            verdict = _ask(check, command, state, now_ns)
            if Severity.PASS < verdict.severity <= Severity.HOLD:
                command = verdict.command
            if verdict.severity > worst.severity:
                worst = replace(verdict, check=name)
            if worst.severity == Severity.DAMP:
                break
        return worst if worst.command is command else replace(worst, command=command)


def _ask(check: Any, command: CommandT, state: SafetyState, now_ns: int) -> Verdict[CommandT]:  # noqa: ANN401
    try:
        verdict = check.check(command, state, now_ns)
    except Exception as error:  # noqa: BLE001  a check that breaks has not said that it is safe
        return Verdict(Severity.DAMP, command, f'check failed with {error!r}')
    if isinstance(verdict, Verdict):
        return verdict
    return Verdict(Severity.DAMP, command, f'check returned {type(verdict).__name__}, no verdict')
