# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Proprioception and a velocity command in, joint command out: one controller per file."""
