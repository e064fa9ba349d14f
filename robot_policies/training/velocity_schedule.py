# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""When robots get new commands and pushes, and which."""

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.robot import BodySpec
from robot_policies.training.velocity_memory import Memory
from robot_policies.training.velocity_task import VelocityTask

_BEYOND = 1.1
"""Commands go a little beyond the robot's limits: the limits lie inside what is learned."""
_PURE_SHARE = 0.15
"""Each component of a command is zero this often: straight walks and turns on the spot too."""


def renew_commands(
    memory: Memory, task: VelocityTask, body: BodySpec, rng: np.random.Generator
) -> None:
    """Draw new commands for the robots whose time has come."""
    due = np.flatnonzero(memory.age >= memory.next_command)
    if not len(due):
        return
    wait = rng.uniform(*task.command_s, len(due))
    memory.next_command[due] = memory.age[due] + task.steps(1.0) * wait
    high = _BEYOND * body.highest_velocity
    low = _BEYOND * body.lowest_velocity
    command = rng.uniform(low, high, (len(due), 3))
    keep = rng.uniform(size=(len(due), 3)) > _PURE_SHARE
    standing = rng.uniform(size=(len(due), 1)) < task.standing_share
    command = np.where(standing, 0.0, command * keep)
    memory.command[due] = command * task.gait.is_moving(command)[:, None]


def push(
    memory: Memory,
    task: VelocityTask,
    share: float,
    qvel: FloatArray,
    rng: np.random.Generator,
) -> None:
    """Add a horizontal speed to the robots whose time has come.

    Args:
        memory: Ages and times of the next pushes.
        task: How often and how hard.
        share: Part of the full strength, from 0 to 1.
        qvel: (n, 6 + j) velocities, changed in place.
        rng: Source of the draws.
    """
    due = np.flatnonzero(memory.age >= memory.next_push)
    if not len(due):
        return
    wait = rng.uniform(*task.push_s, len(due))
    memory.next_push[due] = memory.age[due] + task.steps(1.0) * wait
    speed = rng.uniform(0.0, task.push_m_s, len(due)) * share
    angle = rng.uniform(0.0, 2.0 * np.pi, len(due))
    qvel[due, 0] += speed * np.cos(angle)
    qvel[due, 1] += speed * np.sin(angle)
