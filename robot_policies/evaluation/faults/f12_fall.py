# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""F12: somebody throws the robot over, or its odometry says that it has come too low."""

from typing import Any

import numpy as np
from robot_policies.evaluation.faults.fault import Case, Fault, Outcome
from robot_policies.evaluation.faults.rig import Rig
from robot_policies.evaluation.faults.sources import MS
from robot_policies.ros import topics

_PUSH_M_S = 6.0
_PERIOD_MS, _LOW_MS = 5.0, 50.0
"""The check waits a little less than the second, which leaves time for the ways."""


def _thrown(rig: Rig) -> Outcome:
    limit = rig.robot.body.max_tilt_rad
    pushed_ns = rig.now_ns
    rig.probe.push(0.0, _PUSH_M_S)
    fallen = rig.reaction(
        topics.IMU, lambda message: tilt_rad(message) > limit, pushed_ns, 'falling'
    )
    damped_ns = rig.damped(pushed_ns).received_ns
    rig.need_latch()
    return Outcome(max(0.0, (damped_ns - fallen.published_ns) / MS))


def _low(rig: Rig) -> Outcome:
    limit_m = rig.robot.body.min_height_m
    with rig.fault(f'{topics.ODOM.name} low {0.5 * limit_m:.3f}') as broken_ns:
        low = rig.reaction(
            topics.ODOM,
            lambda message: message.pose.pose.position.z < limit_m,
            broken_ns,
            'a low base',
        )
        damped_ns = rig.damped(broken_ns).received_ns
        rig.need_latch('base height')
    return Outcome((damped_ns - low.published_ns) / MS)


def tilt_rad(message: Any) -> float:  # noqa: ANN401
    """Return how far an IMU message says that the base leans."""
    x, y = message.orientation.x, message.orientation.y
    return float(np.arccos(np.clip(1.0 - 2.0 * (x * x + y * y), -1.0, 1.0)))


FAULT = Fault(
    id='F12',
    fault='tilt or height beyond bounds',
    reaction='DAMP (no recovery policy is loaded)',
    bound='1 period, 5 ms; of a base that is low for 50 ms, 55 ms',
    measured='first IMU sample (odometry) beyond the limit sent, to damping at the robot',
    bound_ms=_PERIOD_MS,
    cases=(
        Case('thrown over', _thrown),
        Case('base low', _low, bound_ms=_LOW_MS + _PERIOD_MS),
    ),
)
