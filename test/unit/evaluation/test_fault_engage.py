# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""F11 judges the speed of joints that are held, not of a robot that sinks."""

import numpy as np
import pytest
from robot_policies.evaluation.faults.f11_engage import fastest_joint, held, is_softened
from robot_policies.ros.probes.listener import Heard
from sensor_msgs.msg import JointState


def state(at_ns: int, speed_rad_s: float) -> Heard:
    return Heard(at_ns, at_ns, JointState(velocity=[0.1, -speed_rad_s]))


def command(at_ns: int, position: list[float]) -> Heard:
    return Heard(at_ns, at_ns, JointState(position=position))


def test_a_joint_counts_only_while_the_last_command_holds_the_robot():
    states = [state(5, 9.0), state(15, 1.5), state(25, 8.0), state(35, 1.0)]
    commands = [command(10, [0.0, 0.0]), command(20, []), command(30, [0.0, 0.0])]
    assert [item.received_ns for item in held(states, commands)] == [15, 35]
    assert fastest_joint(held(states, commands)) == 1.5


def test_a_robot_that_was_never_held_proves_nothing():
    assert fastest_joint(held([state(5, 1.0)], [command(1, [])])) == np.inf


@pytest.mark.parametrize(
    ('soft', 'softened'),
    [([True, True, False, False], False), ([True, False, True, False], True), ([], False)],
)
def test_a_latch_on_the_way_up_is_told(soft, softened):
    assert is_softened(soft) is softened
