# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Start a stack: `ros2 launch robot_policies bringup.launch.py stack:=go2_mujoco`."""

from launch import LaunchDescription
from robot_policies.bringup.launch_actions import bringup_description


def generate_launch_description() -> LaunchDescription:
    """Return what to start; the stack itself is data, see config/stacks."""
    return bringup_description(default_stack='go2_mujoco')
