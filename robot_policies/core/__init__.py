# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Values and mechanisms: numpy only, no torch, no ROS, no files, no clock."""
