# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The hardware node starts only if it is told that the robot may move."""

import pytest
from robot_policies.nodes.unitree_go2_node import UnitreeGo2Node

pytestmark = pytest.mark.ros


def test_without_the_explicit_word_it_does_not_configure(rig):
    assert 'start with enable_hardware:=true' in rig.refusal(UnitreeGo2Node)


def test_without_the_message_package_it_says_where_to_get_it(rig):
    words = rig.refusal(UnitreeGo2Node, enable_hardware=True)
    assert 'unitree_ros2' in words
