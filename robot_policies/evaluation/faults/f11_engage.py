# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""F11: the robot lies when it is activated, far from the first target."""

import numpy as np
from robot_policies.evaluation.faults.fault import Case, Fault, Outcome
from robot_policies.evaluation.faults.rig import Rig
from robot_policies.ros import topics
from robot_policies.safety.engage_ramp import EngageRampConfig

_LIES_M = 0.17


def _raised(rig: Rig) -> Outcome:
    rig.probe.walk = None
    rig.probe.call(topics.SAFETY_STOP)
    rig.wait(lambda: _height_m(rig) < _LIES_M, 'lying', 20.0)
    rig.wait(lambda: _fastest(rig, rig.now_ns - 200_000_000) < 0.5, 'resting', 20.0)
    begun_ns = rig.now_ns
    rig.stand_up()
    fastest, limit = _fastest(rig, begun_ns), EngageRampConfig().speed_rad_s
    violations = (f'a joint at {fastest:.2f} rad/s',) if fastest > limit else ()
    note = f'fastest joint {fastest:.2f} rad/s of {limit:.1f}'
    return Outcome(violations=violations, note=note)


def _height_m(rig: Rig) -> float:
    truth = rig.probe.last(topics.SIM_GROUND_TRUTH)
    return float(truth.pose.pose.position.z)


def _fastest(rig: Rig, after_ns: int) -> float:
    heard = rig.probe.heard(topics.JOINT_STATES, after_ns)
    return max((float(np.abs(item.message.velocity).max()) for item in heard), default=np.inf)


FAULT = Fault(
    id='F11',
    fault='activation with the robot away from the first target',
    reaction='ramp-in; joint speed never above the configured engage speed',
    bound='every activation',
    cases=(Case('from lying', _raised),),
)
