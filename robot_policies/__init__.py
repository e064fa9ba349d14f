# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Run learned policies on ROS 2 robots, safely."""

__version__ = '0.1.0'
