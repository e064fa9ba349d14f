# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The emergency stop: pressed means DAMP, and so does a required button that falls silent."""

from dataclasses import dataclass
from typing import ClassVar

from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import JointCommand
from robot_policies.core.params import param
from robot_policies.core.verdict import Severity, Verdict
from robot_policies.safety.state import ESTOP, SafetyState


@dataclass(frozen=True, kw_only=True)
class EStopConfig:
    """Whether the emergency stop must be heard all the time."""

    heartbeat_required: bool = param(
        False, doc='True: safety/estop must be published all the time; silence stops the robot.'
    )
    heartbeat_s: float = param(
        0.5, doc='Silence on safety/estop that counts as pressed.', unit='s', low=0.01, high=10.0
    )


class EStop:
    """DAMP while the e-stop says so, or while a required one is silent."""

    config_class: ClassVar[type] = EStopConfig
    gates: ClassVar[tuple[str, ...]] = ('joint',)

    def __init__(self, config: EStopConfig, context: PluginContext) -> None:
        self._config = config

    def reset(self) -> None:
        """Nothing is remembered: the topic keeps its own state, the supervisor the latch."""

    def due_ns(self, state: SafetyState) -> int | None:
        """Return when a required button has been silent for too long if nothing is heard."""
        if not self._config.heartbeat_required or ESTOP not in state.heard:
            return None
        return state.heard[ESTOP] + round(self._config.heartbeat_s * 1e9) + 1

    def check(
        self, command: JointCommand, state: SafetyState, now_ns: int
    ) -> Verdict[JointCommand]:
        """Judge the button."""
        if state.estop:
            return Verdict(Severity.DAMP, command, 'e-stop pressed')
        if not self._config.heartbeat_required:
            return Verdict(Severity.PASS, command)
        if ESTOP not in state.heard and state.engaged_ns is None:
            return Verdict(Severity.HOLD, command, f'waiting for the required {ESTOP}')
        age_s = state.age_s(ESTOP, now_ns)
        if age_s <= self._config.heartbeat_s:
            return Verdict(Severity.PASS, command)
        severity = Severity.HOLD if state.engaged_ns is None else Severity.DAMP
        limit_ms = self._config.heartbeat_s * 1e3
        reason = f'{ESTOP} is silent for {age_s * 1e3:.0f} ms, limit {limit_ms:.0f}'
        return Verdict(severity, command, reason)
