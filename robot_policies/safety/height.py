# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A base that has come too low has fallen, where an odometry tells its height."""

from dataclasses import dataclass
from typing import ClassVar

from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import JointCommand
from robot_policies.core.lasting import Lasting
from robot_policies.core.params import param
from robot_policies.core.verdict import Severity, Verdict
from robot_policies.safety.state import ODOM, SafetyState


@dataclass(frozen=True, kw_only=True)
class HeightConfig:
    """How low the base may come. The height is `odom`'s z: it has to be one above the ground."""

    min_m: float = param(
        0.0, doc="Lowest base height; 0 takes the robot's own.", unit='m', low=0.0, high=5.0
    )
    stood_margin_m: float = param(
        0.04,
        doc='The check begins once the base has been so far above the lowest height.',
        unit='m',
        low=0.0,
        high=1.0,
    )
    settle_s: float = param(
        0.5,
        doc='Nor does it begin so soon after engaging: the robot may be on its way down.',
        unit='s',
        low=0.0,
        high=10.0,
    )
    for_s: float = param(
        0.045, doc='So long it has to be said to be too low.', unit='s', low=0.0, high=2.0
    )
    max_age_s: float = param(
        0.2, doc='Odometry older than this says nothing.', unit='s', low=0.01, high=5.0
    )


class Height:
    """RECOVER when the base, having stood, is too low. A robot that has yet to rise may lie.

    It may also sink: before engaging nobody holds it up, so that a base that is high at first is
    no base that stood.
    """

    config_class: ClassVar[type] = HeightConfig
    gates: ClassVar[tuple[str, ...]] = ('joint',)

    def __init__(self, config: HeightConfig, context: PluginContext) -> None:
        self._config = config
        self._min_m = config.min_m or context.robot.body.min_height_m
        self._stood = False
        self._low = Lasting()

    def reset(self) -> None:
        """The robot lies: it may stand up again."""
        self._stood = False
        self._low.clear()

    def check(
        self, command: JointCommand, state: SafetyState, now_ns: int
    ) -> Verdict[JointCommand]:
        """Judge the height; without odometry there is nothing to judge."""
        if state.engaged_ns is None:
            self.reset()  # nobody holds it up
            return Verdict(Severity.PASS, command)
        if state.odometry is None or state.age_s(ODOM, now_ns) > self._config.max_age_s:
            return Verdict(Severity.PASS, command)
        height_m = float(state.odometry.position[2])
        settled = (now_ns - state.engaged_ns) * 1e-9 >= self._config.settle_s
        self._stood |= settled and height_m > self._min_m + self._config.stood_margin_m
        is_low = self._stood and height_m < self._min_m
        low_s = self._low.note(is_low, now_ns, state.heard.get(ODOM, now_ns))
        if not is_low or low_s < self._config.for_s:
            return Verdict(Severity.PASS, command)
        reason = f'base height {height_m:.2f} m, at least {self._min_m:.2f}'
        return Verdict(Severity.RECOVER, command, reason)
