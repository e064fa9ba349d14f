# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""MuJoCo robots, worlds and batched environments."""

import os

# Read when mujoco is imported, whichever module here imports it first; there is no display.
os.environ.setdefault('MUJOCO_GL', 'egl')
