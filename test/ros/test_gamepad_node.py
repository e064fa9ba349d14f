# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The gamepad node: drives while held, stops at a press, lets go when it falls silent."""

import pytest
from robot_policies.nodes.gamepad_node import GamepadNode
from robot_policies.ros import topics
from sensor_msgs.msg import Joy

STOP, DEADMAN, RESET = 1, 4, 7
pytestmark = pytest.mark.ros


def joy(*pressed, forward=0.0):
    axes = [0.0, forward, 0.0, 0.0]
    return Joy(axes=axes, buttons=[int(index in pressed) for index in range(8)])


def test_it_drives_while_held_and_stops_once_when_the_gamepad_falls_silent(rig, wait_for):
    heard = rig.hear(topics.TELEOP_CMD_VEL)
    rig.active(GamepadNode)

    def driven() -> bool:
        rig.say(topics.JOY, joy(DEADMAN, forward=1.0))
        return bool(heard) and heard[-1].twist.linear.x == rig.robot.body.max_vx

    wait_for(driven)
    wait_for(lambda: heard[-1].twist.linear.x == 0.0)
    assert [message.twist.linear.x for message in heard].count(0.0) == 1


def test_the_stop_button_presses_the_e_stop_and_reset_releases_it(rig, wait_for):
    heard = rig.hear(topics.SAFETY_ESTOP)
    rig.active(GamepadNode)

    def press(button: int) -> bool:
        rig.say(topics.JOY, joy(button))
        rig.say(topics.JOY, joy())
        return bool(heard)

    wait_for(lambda: press(STOP))
    assert heard[0].data is True
    wait_for(lambda: press(RESET) and heard[-1].data is False)


def test_a_gamepad_with_too_few_axes_is_reported_and_moves_nothing(rig, wait_for):
    heard = rig.hear(topics.TELEOP_CMD_VEL)
    node = rig.active(GamepadNode)

    def reported() -> bool:
        rig.say(topics.JOY, Joy(axes=[1.0], buttons=[1] * 8))
        return 'axis 1 is used' in node.diagnostics.status().message

    wait_for(reported)
    assert not heard
