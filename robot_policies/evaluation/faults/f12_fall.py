# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""F12: somebody throws the robot over."""

from typing import Any

import numpy as np
from robot_policies.evaluation.faults.fault import Case, Fault, Outcome
from robot_policies.evaluation.faults.rig import Rig
from robot_policies.evaluation.faults.sources import MS
from robot_policies.ros import topics

_PUSH_M_S = 6.0


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


def tilt_rad(message: Any) -> float:  # noqa: ANN401
    """Return how far an IMU message says that the base leans."""
    x, y = message.orientation.x, message.orientation.y
    return float(np.arccos(np.clip(1.0 - 2.0 * (x * x + y * y), -1.0, 1.0)))


FAULT = Fault(
    id='F12',
    fault='tilt or height beyond bounds',
    reaction='DAMP (no recovery policy is loaded)',
    bound='1 period, 5 ms',
    measured='first IMU sample beyond the limit sent, to damping at the robot',
    bound_ms=5.0,
    cases=(Case('thrown over', _thrown),),
)
