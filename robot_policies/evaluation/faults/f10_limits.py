# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""F10: a command beyond position, velocity or effort limits is reduced where it stands."""

from collections.abc import Callable
from typing import Any

import numpy as np
from robot_policies.evaluation.faults.commands import improper, standing_in
from robot_policies.evaluation.faults.fault import Case, Fault, Outcome
from robot_policies.evaluation.faults.rig import Rig
from robot_policies.evaluation.faults.sources import MS
from robot_policies.ros import topics
from robot_policies.ros.codecs.header import stamp_ns
from robot_policies.ros.probes.fuzz import CommandFuzz

_JOINT = 2
_BEYOND_RAD, _BEYOND_RAD_S, _BEYOND_N_M = 0.4, 99.0, 99.0


def _stamped(stamp: int) -> Callable[[Any], bool]:
    return lambda message: stamp_ns(message) == stamp


def _beyond(rig: Rig) -> Outcome:
    fuzz = CommandFuzz(rig.robot, rig.rng)
    count = len(rig.robot.joints)
    one = np.eye(count)[_JOINT]
    pose = rig.robot.default_pose.copy()
    pose[_JOINT] = rig.robot.per_joint('upper')[_JOINT] + _BEYOND_RAD
    wishes = (
        {'position': pose},
        {'velocity': _BEYOND_RAD_S * one},
        {'effort': _BEYOND_N_M * one},
    )
    times_ms, violations = [], []
    with standing_in(rig, fuzz) as stand_in:
        for wish in wishes:
            with stand_in.alone() as stamp:
                said_ns = rig.now_ns
                stand_in.say(fuzz.command(stamp, **wish))
            passed = rig.reaction(
                topics.JOINT_COMMAND,
                _stamped(stamp),
                said_ns,
                f'the command beyond the {next(iter(wish))} limit, within it',
            )
            times_ms.append((passed.received_ns - said_ns) / MS)
            words = improper(rig, passed.message)
            violations += [words] if words else []
    violations += rig.wrongly_latched()
    return Outcome(max(times_ms), injected=len(wishes), violations=tuple(violations))


FAULT = Fault(
    id='F10',
    fault='position, velocity, effort limit would be exceeded',
    reaction='LIMIT to the bound',
    bound='same period, 5 ms',
    measured='command sent, to its limited version at the robot; the slowest of three',
    bound_ms=5.0,
    cases=(Case('position, velocity, effort', _beyond),),
)
