# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Command + state -> verdict. No learning framework, no ROS, no clock: one check per file."""
