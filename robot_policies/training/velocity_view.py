# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""How the velocity environment looks at its robots: as sensors, as critic, as judge."""

from dataclasses import dataclass

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.robot import RobotSpec
from robot_policies.core.rotations import projected_gravity, rotate_inverse, yaw
from robot_policies.locomotion.proprioception import build_frame, build_observation
from robot_policies.sim.batched_robots import BatchState
from robot_policies.training.training_ground import TrainingGround
from robot_policies.training.velocity_memory import IntArray, Memory
from robot_policies.training.velocity_rewards import StepFacts
from robot_policies.training.velocity_task import VelocityTask

Ground = tuple[FloatArray, FloatArray]
"""(n,) height of the ground below the bases and (n, 4) below the feet, m."""
_LOADED_N = 5.0
"""A foot carries weight from this force on."""


@dataclass(frozen=True, eq=False)
class View:
    """Looks at robots without changing them.

    Attributes:
        robot: The robot.
        task: The task.
        ground: What they walk on.
        rough: (n,) 1.0 for robots on the rough strips.
        traits: (n, 3) what was randomised, see `randomised_models`.
        nominal_feet: (4, 2) feet below the base in the default pose, m.
    """

    robot: RobotSpec
    task: VelocityTask
    ground: TrainingGround
    rough: FloatArray
    traits: FloatArray
    nominal_feet: FloatArray

    def noisy_frame(
        self, state: BatchState, memory: Memory, who: IntArray | slice, rng: np.random.Generator
    ) -> FloatArray:
        """Return (k, f) one frame of proprioception of the robots `who`, as sensors see it."""
        qpos, qvel = state.qpos[who], state.qvel[who]
        noise, count, joints = self.task.randomisation, len(qpos), len(self.robot.joints)
        draw = rng.standard_normal
        return build_frame(
            qvel[:, 3:6] + noise.gyro_noise * draw((count, 3)),
            projected_gravity(qpos[:, [4, 5, 6, 3]]) + noise.gravity_noise * draw((count, 3)),
            qpos[:, 7:] - self.robot.default_pose + noise.position_noise * draw((count, joints)),
            qvel[:, 6:] + noise.velocity_noise * draw((count, joints)),
            memory.actions[who, -1],
        )

    def actor(self, memory: Memory) -> FloatArray:
        """Return (n, a) what the actor sees."""
        moving = self.task.gait.is_moving(memory.command)
        clock = self.task.gait.clock(memory.phase, moving)
        return build_observation(memory.history, memory.command, clock)

    def critic(self, state: BatchState, ground: Ground, memory: Memory) -> FloatArray:
        """Return (n, c) what the critic sees; mirrored by `velocity_mirror.critic_mirror`."""
        moving = self.task.gait.is_moving(memory.command)
        base_ground, foot_ground = ground
        frame = build_frame(
            state.qvel[:, 3:6],
            projected_gravity(state.orientation),
            state.qpos[:, 7:] - self.robot.default_pose,
            state.qvel[:, 6:],
            memory.actions[:, -1],
        )
        parts = [
            frame,
            memory.command * [2.0, 2.0, 1.0],
            self.task.gait.clock(memory.phase, moving),
            rotate_inverse(state.orientation, state.qvel[:, :3]) * 2.0,
            (state.qpos[:, 2] - base_ground)[:, None] * 5.0 - 1.5,
            self.rough[:, None],
            self.traits,
            memory.delay[:, None],
            (state.foot_load > _LOADED_N).astype(float),
            (state.foot_position[..., 2] - foot_ground) * 10.0,
            (foot_ground - base_ground[:, None]) * 10.0,
        ]
        return np.concatenate(parts, axis=1)

    def facts(
        self, state: BatchState, ground: Ground, memory: Memory, moving: FloatArray
    ) -> StepFacts:
        """Return what happened in the step that ended in `state`."""
        body, period = self.robot.body, self.task.control_period_s
        heading = yaw(state.orientation)
        base_ground, foot_ground = ground
        gravity = projected_gravity(state.orientation)
        velocity = state.qvel[:, 6:]
        height = state.qpos[:, 2] - foot_ground.mean(axis=1)
        lowest = np.minimum(state.qpos[:, 2] - base_ground, height)
        offset = state.foot_position[..., :2] - state.qpos[:, None, :2]
        moved = state.foot_position[..., :2] - memory.feet[..., :2]
        speed = np.linalg.norm(moved, axis=2) / period * (memory.age > 0)[:, None]
        stiffness, damping = self.robot.per_joint('stiffness'), self.robot.per_joint('damping')
        return StepFacts(
            linear=_level(heading, state.qvel[:, :3]),
            angular=state.qvel[:, 3:6],
            gravity=gravity,
            height=height,
            joint_offset=state.qpos[:, 7:] - self.robot.default_pose,
            joint_velocity=velocity,
            joint_acceleration=(velocity - memory.joint_velocity) / period,
            torque=stiffness * (memory.target - state.qpos[:, 7:]) - damping * velocity,
            action=memory.actions,
            contact=(state.foot_load > _LOADED_N).astype(float),
            foot_height=state.foot_position[..., 2] - foot_ground - body.foot_radius_m,
            foot_offset=_level(heading[:, None], offset) - self.nominal_feet,
            foot_speed=speed,
            swing=self.task.gait.swing(memory.phase, moving),
            command=memory.command,
            moving=moving,
            rough=self.rough,
            fallen=(-gravity[:, 2] < np.cos(body.max_tilt_rad)) | (lowest < body.min_height_m),
        )

    def ground_below(self, state: BatchState) -> Ground:
        """Return how high the ground is where the robots are."""
        points = np.concatenate([state.qpos[:, None, :2], state.foot_position[..., :2]], axis=1)
        heights = self.ground.height_at(points, self.rough)
        return heights[:, 0], heights[:, 1:]


def _level(heading: FloatArray, vector: FloatArray) -> FloatArray:
    """Turn (…, 2 or 3) world vectors about z into the frame of the (…) heading."""
    turned = vector.copy()
    cos, sin = np.cos(heading), np.sin(heading)
    turned[..., 0] = cos * vector[..., 0] + sin * vector[..., 1]
    turned[..., 1] = -sin * vector[..., 0] + cos * vector[..., 1]
    return turned
