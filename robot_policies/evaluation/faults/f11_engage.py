# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""F11: the robot lies when it is activated, far from the first target."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from robot_policies.evaluation.faults.fault import Case, Fault, Outcome
from robot_policies.evaluation.faults.recognise import is_damping
from robot_policies.evaluation.faults.rig import Rig
from robot_policies.ros import topics
from robot_policies.ros.probes.listener import Heard
from robot_policies.safety.engage_ramp import EngageRampConfig

_LIES_M = 0.17


def _raised(rig: Rig) -> Outcome:
    rig.probe.walk = None
    rig.probe.call(topics.SAFETY_STOP)
    rig.wait(lambda: _height_m(rig) < _LIES_M, 'lying', 20.0)
    rig.wait(lambda: _fastest(rig, rig.now_ns - 200_000_000) < 0.5, 'resting', 20.0)
    begun_ns = rig.now_ns
    rig.stand_up()
    states = rig.probe.heard(topics.JOINT_STATES, begun_ns)
    commands = rig.probe.heard(topics.JOINT_COMMAND, begun_ns)
    fastest, limit = fastest_joint(held(states, commands)), EngageRampConfig().speed_rad_s
    softened = is_softened([is_damping(command.message) for command in commands])
    violations = [f'a joint at {fastest:.2f} rad/s'] if fastest > limit else []
    violations += ['the robot became soft again on its way up'] if softened else []
    note = f'fastest joint {fastest:.2f} rad/s of {limit:.1f}'
    return Outcome(violations=tuple(violations), note=note)


def held(states: Sequence[Heard], commands: Sequence[Heard]) -> list[Heard]:
    """Return the joint states at which the robot was held; a soft one sinks at its own speed."""
    came_ns = np.array([command.received_ns for command in commands])
    soft = [True, *(is_damping(command.message) for command in commands)]
    last = np.searchsorted(came_ns, [state.received_ns for state in states], side='right')
    return [state for state, index in zip(states, last, strict=True) if not soft[index]]


def is_softened(soft: Sequence[bool]) -> bool:
    """Whether a robot that was held became soft again: it latched on its way up."""
    return any(now and not before for before, now in pairwise(soft))


def fastest_joint(states: Sequence[Heard]) -> float:
    """Return the highest joint speed, rad/s; infinite if nothing was heard."""
    return max((float(np.abs(item.message.velocity).max()) for item in states), default=np.inf)


def _height_m(rig: Rig) -> float:
    truth = rig.probe.last(topics.SIM_GROUND_TRUTH)
    return float(truth.pose.pose.position.z)


def _fastest(rig: Rig, after_ns: int) -> float:
    return fastest_joint(rig.probe.heard(topics.JOINT_STATES, after_ns))


FAULT = Fault(
    id='F11',
    fault='activation with the robot away from the first target',
    reaction='ramp-in; joint speed never above the configured engage speed',
    bound='every activation',
    cases=(Case('from lying', _raised),),
)
