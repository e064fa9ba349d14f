# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What the velocity environment remembers of its robots from step to step."""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt
from robot_policies.core.arrays import FloatArray
from robot_policies.locomotion.proprioception import frame_size
from robot_policies.training.velocity_task import VelocityTask

IntArray = npt.NDArray[np.intp]
BoolArray = npt.NDArray[np.bool_]


@dataclass(eq=False)
class Memory:
    """Arrays of n robots with j joints.

    Attributes:
        history: (n, h, f) frames of proprioception, newest last.
        actions: (n, 3, j) newest last.
        target: (n, j) joint targets now in force, rad.
        command: (n, 3) vx, vy, yaw rate.
        phase: (n,) of the gait.
        age: (n,) steps since the robot was put on its feet.
        next_command: (n,) age at which the command changes.
        next_push: (n,) age of the next push.
        delay: (n,) part of a control period until a target takes effect.
        feet: (n, 4, 3) foot positions one step ago, m.
        joint_velocity: (n, j) one step ago, rad/s.
    """

    history: FloatArray
    actions: FloatArray
    target: FloatArray
    command: FloatArray
    phase: FloatArray
    age: IntArray
    next_command: IntArray
    next_push: IntArray
    delay: FloatArray
    feet: FloatArray
    joint_velocity: FloatArray

    @classmethod
    def empty(cls, task: VelocityTask, joints: int) -> 'Memory':
        """Return the memory of robots that have not done anything."""
        count = task.robots
        return cls(
            history=np.zeros((count, task.history, frame_size(joints))),
            actions=np.zeros((count, 3, joints)),
            target=np.zeros((count, joints)),
            command=np.zeros((count, 3)),
            phase=np.zeros(count),
            age=np.zeros(count, dtype=np.intp),
            next_command=np.zeros(count, dtype=np.intp),
            next_push=np.zeros(count, dtype=np.intp),
            delay=np.zeros(count),
            feet=np.zeros((count, 4, 3)),
            joint_velocity=np.zeros((count, joints)),
        )

    def forget(self, who: IntArray, default_pose: FloatArray) -> None:
        """Forget the past of robots that are put back on their feet."""
        self.actions[who] = 0.0
        self.target[who] = default_pose
        self.phase[who] = 0.0
        self.joint_velocity[who] = 0.0
        self.age[who] = 0
        self.next_command[who] = 0

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return copies of all arrays, by name."""
        return {item.name: getattr(self, item.name).copy() for item in fields(self)}

    def restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        """Take up what `arrays` returned."""
        for item in fields(self):
            setattr(self, item.name, arrays[item.name].copy())
