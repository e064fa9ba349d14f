# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""MuJoCo robots, worlds and batched environments."""

import os

from robot_policies.sim.graphics import choose_renderer

# Before any module here can import mujoco, which reads the choice when it is imported.
choose_renderer(os.environ)
