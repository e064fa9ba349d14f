# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""F18: somebody else publishes commands, or has the name of a node that runs."""

from collections.abc import Callable
import time
from typing import Any

import numpy as np
from robot_policies.core.data_types import VelocityCommand
from robot_policies.evaluation.faults.fault import Case, Fault, Outcome
from robot_policies.evaluation.faults.rig import Rig
from robot_policies.evaluation.faults.sources import MS
from robot_policies.ros import topics
from robot_policies.ros.codecs.base import velocity_to_msg
from robot_policies.ros.probes.fuzz import CommandFuzz

_FOREIGN_RAD = 0.25
_BEND = -0.3
_WATCH_S = 1.0
_BACKWARD_M_S = -0.5


def said(words: str) -> Callable[[Any], bool]:
    """Return what recognises an ERROR diagnostic that contains `words`."""

    def is_error(message: Any) -> bool:  # noqa: ANN401
        return any(s.level == b'\x02' and words in s.message for s in message.status)

    return is_error


def _joint_commands(rig: Rig) -> Outcome:
    """An intruder bends every joint the same way, more slowly than the owner speaks."""
    topic = topics.LOCOMOTION_COMMAND
    fuzz = CommandFuzz(rig.robot, rig.rng)
    bent = rig.robot.default_pose + _BEND
    begun_ns = rig.now_ns
    try:
        end = time.monotonic() + _WATCH_S
        while time.monotonic() < end:
            rig.probe.say(topic, fuzz.command(rig.now_ns, position=bent))
            time.sleep(0.05)
        error = rig.reaction(
            topics.DIAGNOSTICS, said(f'publishers on {topic.name}'), begun_ns, 'an ERROR'
        )
    finally:
        rig.probe.leave(topic)
    violations = _obeyed(rig, bent, begun_ns)
    return Outcome((error.received_ns - begun_ns) / MS, violations=violations)


def _velocities(rig: Rig) -> Outcome:
    """An intruder behind the supervisor tells locomotion to walk backward."""
    topic = topics.CMD_VEL
    begun_ns = rig.now_ns
    try:
        end = time.monotonic() + _WATCH_S
        while time.monotonic() < end:
            backward = VelocityCommand(rig.now_ns, _BACKWARD_M_S)
            rig.probe.say(topic, velocity_to_msg(backward, 'base', topic.type()))
            time.sleep(0.01)
        error = rig.reaction(
            topics.DIAGNOSTICS, said(f'publishers on {topic.name}'), begun_ns, 'an ERROR'
        )
    finally:
        rig.probe.leave(topic)
    odometry = rig.probe.heard(topics.SIM_GROUND_TRUTH, begun_ns)
    slowest = min(item.message.twist.twist.linear.x for item in odometry)
    violations = () if slowest > 0.0 else (f'it walked at {slowest:.2f} m/s',)
    return Outcome((error.received_ns - begun_ns) / MS, violations=violations)


def _obeyed(rig: Rig, bent: Any, begun_ns: int) -> tuple[str, ...]:  # noqa: ANN401
    """Return whether the robot was commanded the intruder's pose."""
    for heard in rig.probe.heard(topics.JOINT_COMMAND, begun_ns):
        position = np.array(heard.message.position)
        if len(position) and np.abs(position - bent).max() < _FOREIGN_RAD:
            return ('the intruder was obeyed',)
    return ()


def _at_the_robot(rig: Rig) -> Outcome:
    """An intruder on the robot's own input: ROS cannot keep it away, but it is reported."""
    topic = topics.JOINT_COMMAND
    begun_ns = rig.now_ns
    try:
        rig.probe.publisher(topic)
        error = rig.reaction(
            topics.DIAGNOSTICS, said(f'publishers on {topic.name}'), begun_ns, 'an ERROR'
        )
    finally:
        rig.probe.leave(topic)
    return Outcome((error.received_ns - begun_ns) / MS)


def _of_one_name(rig: Rig) -> Outcome:
    """A node that another machine would have started; on this one it is refused, see F19."""
    begun_ns = rig.now_ns
    twin = rig.probe.twin('safety')
    try:
        error = rig.reaction(
            topics.DIAGNOSTICS, said('another node is named'), begun_ns, 'an ERROR'
        )
    finally:
        twin()
    return Outcome((error.received_ns - begun_ns) / MS)


FAULT = Fault(
    id='F18',
    fault='two publishers on one command topic, or two nodes with one name',
    reaction='ERROR diagnostic, commands from the unexpected one refused',
    bound='1 s',
    measured='second publisher or node created, to its ERROR on /diagnostics',
    bound_ms=1000.0,
    cases=(
        Case('locomotion/command', _joint_commands),
        Case('cmd_vel', _velocities),
        Case('joint_command', _at_the_robot, short=False),
        Case('one name', _of_one_name),
    ),
)
