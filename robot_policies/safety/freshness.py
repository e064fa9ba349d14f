# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Every source has its own time limit, and silence has a consequence."""

from dataclasses import dataclass
from typing import ClassVar

from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import JointCommand, VelocityCommand
from robot_policies.core.params import param
from robot_policies.core.verdict import Severity, Verdict
from robot_policies.safety.state import IMU, JOINT_STATES, LOCOMOTION, SafetyState, SCAN


@dataclass(frozen=True, kw_only=True)
class FreshnessConfig:
    """How old each source may be.

    Ages count from the arrival of a message, and the supervisor is woken when a limit is reached
    (`due_ns`): limits of the joint gate lie as far below what they promise as the way of two
    messages takes. The scan's consequence is the base velocity, judged every 20 ms.
    """

    joint_states_s: float = param(
        0.035, doc='Joint states older than this: DAMP.', unit='s', low=0.005, high=1.0
    )
    imu_s: float = param(0.035, doc='IMU older than this: DAMP.', unit='s', low=0.005, high=1.0)
    locomotion_s: float = param(
        0.035, doc='Joint command older than this: DAMP.', unit='s', low=0.005, high=1.0
    )
    basis_s: float = param(
        0.1,
        doc='Joint command that rests on a joint state so much older than the newest: HOLD.',
        unit='s',
        low=0.005,
        high=1.0,
    )
    scan_slow_s: float = param(
        0.15, doc='Scan older than this: speed limited.', unit='s', low=0.01, high=5.0
    )
    scan_stop_s: float = param(
        0.265, doc='Scan older than this: no speed.', unit='s', low=0.01, high=5.0
    )
    scan_slow_factor: float = param(
        0.5, doc='Share of the speed that is left while the scan is late.', low=0.0, high=1.0
    )
    scan_required: bool = param(
        True, doc='False lets a robot whose YAML lists a scan move without it.'
    )

    def __post_init__(self) -> None:
        """Check that slowing down comes before stopping."""
        if self.scan_slow_s > self.scan_stop_s:
            raise ValueError(
                f'scan_slow_s {self.scan_slow_s} is above scan_stop_s {self.scan_stop_s}'
            )


class Freshness:
    """Judges the age of what a command rests on.

    Before the robot is engaged a silent source means waiting (HOLD), afterwards DAMP.
    """

    config_class: ClassVar[type] = FreshnessConfig
    gates: ClassVar[tuple[str, ...]] = ('joint', 'velocity')

    def __init__(self, config: FreshnessConfig, context: PluginContext) -> None:
        self._config = config
        self._scan = config.scan_required and context.robot.scan is not None
        self._limits_s = {
            JOINT_STATES: config.joint_states_s,
            IMU: config.imu_s,
            LOCOMOTION: config.locomotion_s,
        }

    def reset(self) -> None:
        """Nothing is remembered."""

    def check(
        self, command: JointCommand | VelocityCommand, state: SafetyState, now_ns: int
    ) -> Verdict[JointCommand | VelocityCommand]:
        """Judge the sources of a joint command, or those of a velocity."""
        if isinstance(command, VelocityCommand):
            return self._velocity(command, state, now_ns)
        return self._joint(command, state, now_ns)

    def due_ns(self, state: SafetyState) -> int | None:
        """Return when the joint gate has to be asked again if nothing more is heard."""
        limits = [
            state.heard[source] + round(limit_s * 1e9) + 1
            for source, limit_s in self._limits_s.items()
            if source in state.heard
        ]
        return min(limits, default=None)

    def _joint(
        self, command: JointCommand, state: SafetyState, now_ns: int
    ) -> Verdict[JointCommand | VelocityCommand]:
        for source, limit_s in self._limits_s.items():
            age_s = state.age_s(source, now_ns)
            if age_s > limit_s:
                severity = Severity.HOLD if state.engaged_ns is None else Severity.DAMP
                return Verdict(severity, command, _silent(source, state, age_s, limit_s))
        if state.suspended:
            return Verdict(Severity.HOLD, command, state.suspended)
        for source in self._limits_s:
            if source not in state.heard:
                return Verdict(Severity.HOLD, command, f'waiting for {source}')
        return self._basis(command, state)

    def _basis(
        self, command: JointCommand, state: SafetyState
    ) -> Verdict[JointCommand | VelocityCommand]:
        if state.joints is None:
            return Verdict(Severity.HOLD, command, f'waiting for {JOINT_STATES}')
        behind_s = (state.joints.stamp_ns - command.stamp_ns) * 1e-9
        if abs(behind_s) <= self._config.basis_s:
            return Verdict(Severity.PASS, command)
        side = 'older' if behind_s > 0 else 'newer'
        reason = (
            f'{LOCOMOTION} rests on a joint state {abs(behind_s) * 1e3:.0f} ms {side} than the '
            f'latest, limit {self._config.basis_s * 1e3:.0f}'
        )
        return Verdict(Severity.HOLD, command, reason)

    def _velocity(
        self, command: VelocityCommand, state: SafetyState, now_ns: int
    ) -> Verdict[JointCommand | VelocityCommand]:
        if state.suspended:
            return Verdict(Severity.HOLD, command, state.suspended)
        if not state.velocity_source:
            return Verdict(Severity.HOLD, command, 'standing: no fresh velocity command')
        age_s = state.age_s(SCAN, now_ns)
        if not self._scan or (SCAN in state.heard and age_s <= self._config.scan_slow_s):
            return Verdict(Severity.PASS, command)
        if SCAN not in state.heard or age_s > self._config.scan_stop_s:
            reason = _silent(SCAN, state, age_s, self._config.scan_stop_s)
            return Verdict(Severity.HOLD, command, reason)
        slower = VelocityCommand.from_array(
            command.stamp_ns, command.as_array() * self._config.scan_slow_factor
        )
        reason = _silent(SCAN, state, age_s, self._config.scan_slow_s) + ', slowing down'
        return Verdict(Severity.LIMIT, slower, reason)


def _silent(source: str, state: SafetyState, age_s: float, limit_s: float) -> str:
    refusal = state.refusals.get(source)
    why = f' (refused: {refusal})' if refusal else ''
    if source not in state.heard:
        return f'waiting for {source}, nothing for {age_s:.1f} s{why}'
    return f'{source} is {age_s * 1e3:.0f} ms old, limit {limit_s * 1e3:.0f}{why}'
