# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What F9 and F10 share: a stand-in for locomotion, and what may arrive at the robot."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.evaluation.faults.rig import Rig
from robot_policies.ros import topics
from robot_policies.ros.codecs.joints import joint_state_from_msg
from robot_policies.ros.probes.fuzz import CommandFuzz
from robot_policies.ros.probes.listener import Heard
from robot_policies.ros.probes.stand_in import StandIn
from robot_policies.safety.jump import JumpConfig

_SLACK = 1e-9
_BEFORE_NS = 1_000_000_000


@contextmanager
def standing_in(rig: Rig, fuzz: CommandFuzz) -> Iterator[StandIn]:
    """Take the place of the locomotion node, and have the robot stand by that."""
    rig.probe.walk = None
    rig.stack.end('locomotion')
    rig.wait(rig.latched, 'a latch without locomotion', 10.0)
    stand_in = StandIn(rig.probe, fuzz)
    try:
        rig.stand_up()
        yield stand_in
    finally:
        stand_in.close()


def improper(rig: Rig, message: Any) -> str:  # noqa: ANN401
    """Return why a joint command should not have reached the robot; empty if it may."""
    robot = rig.robot
    if list(message.name) != list(robot.joint_names):
        return f'names {list(message.name)}'
    for field, low, high in _limits(rig):
        values = np.array(getattr(message, field))
        if not len(values):
            continue
        if len(values) != len(low):
            return f'{len(values)} values of {field}'
        if not np.isfinite(values).all():
            return f'{field} {values}'
        if (values < low - _SLACK).any() or (values > high + _SLACK).any():
            return f'{field} {values} beyond the limits'
    return ''


def _limits(rig: Rig) -> list[tuple[str, Any, Any]]:
    limit = {n: rig.robot.per_joint(n) for n in ('lower', 'upper', 'velocity', 'effort')}
    return [
        ('position', limit['lower'], limit['upper']),
        ('velocity', -limit['velocity'], limit['velocity']),
        ('effort', -limit['effort'], limit['effort']),
    ]


def improper_since(rig: Rig, begun_ns: int) -> list[str]:
    """Return what was wrong with the joint commands that arrived since a system time."""
    heard = rig.probe.heard(topics.JOINT_COMMAND, begun_ns)
    wrong = [words for words in (improper(rig, item.message) for item in heard) if words]
    joint_map = rig.robot.joint_map()
    joints = [
        (item.published_ns, joint_state_from_msg(item.message, joint_map).position)
        for item in rig.probe.heard(topics.JOINT_STATES, begun_ns - _BEFORE_NS)
    ]
    return wrong + leaps(heard, joints)


def leaps(heard: Sequence[Heard], joints: Sequence[tuple[int, FloatArray]]) -> list[str]:
    """Return where a position target moved farther than the supervisor lets it in a tick.

    Time does not tell how many ticks there were: a command that arrives brings an early one. The
    torque limit comes after the limit of the step and may bring a target to where its joint is in
    one tick; that softens the joint, and is no leap. What ends a limit away from the joint is one.

    Args:
        heard: Joint commands of one publisher, oldest first; where some were not heard, their
            ticks count.
        joints: When each joint state was sent, ns, and the (n,) positions, rad; oldest first.
    """
    sent_ns = [at_ns for at_ns, _ in joints]
    count = max((len(item.message.position) for item in heard), default=0)
    stiff = [item for item in heard if len(item.message.position) == count > 0]
    found, limit_rad = [], JumpConfig().limit_rad
    for before, after in pairwise(stiff):
        ticks = max(1, after.sequence - before.sequence)
        old, new = (np.array(item.message.position) for item in (before, after))
        steps = np.abs(new - old)
        index = bisect_right(sent_ns, after.published_ns) - 1
        if index >= 0:
            was, ends = (np.abs(target - joints[index][1]) for target in (old, new))
            steps[ends <= np.minimum(was, limit_rad)] = 0.0
        if steps.max() > ticks * limit_rad + _SLACK:
            found.append(f'a target leapt by {steps.max():.2f} rad in {ticks} ticks')
    return found


def longest_gap_ms(rig: Rig, topic: topics.Topic, begun_ns: int) -> float:
    """Return the longest time between two messages of a topic, of which one came after `begun_ns`.

    What begins then may delay the very next message.
    """
    before_ns = begun_ns - _BEFORE_NS
    sent_ns = np.array([item.published_ns for item in rig.probe.heard(topic, before_ns)])
    gaps_ns = np.diff(sent_ns)[sent_ns[1:] > begun_ns]
    return float(gaps_ns.max()) / 1e6 if len(gaps_ns) else float('inf')
