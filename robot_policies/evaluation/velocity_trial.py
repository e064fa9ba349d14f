# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Runs a velocity controller on many randomised robots and measures how it walks."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.robot import RobotSpec
from robot_policies.core.rotations import projected_gravity, rotate_inverse, tilt
from robot_policies.evaluation.batch_controller import BatchController
from robot_policies.evaluation.velocity_ground import Ground
from robot_policies.evaluation.velocity_record import Record
from robot_policies.sim.batched_robots import (
    add_body_sensors,
    add_foot_sensors,
    BatchedRobots,
    BatchState,
)
from robot_policies.sim.randomisation import Randomisation, randomised_models
from robot_policies.sim.robot_model import build_robot_spec, FINE, standing_qpos

CONTROL_PERIOD_S = 0.02
_PHYSICS_STEPS = round(CONTROL_PERIOD_S / FINE.timestep_s)
_VARIANTS = 32


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One kind of episode.

    Attributes:
        name: What it is called in the result.
        episodes: Number of robots.
        seconds: Length.
        ground: On what they walk.
        push_m_s: Horizontal speed that the one push adds; 0 for none.
        push_at_s: When.
        standing: The command is zero.
        fixed_command: The same command for all; None draws one per robot.
        joint_noise: Factor on the noise of the joint sensors.
        joint_dropout: Share of steps at which a robot's joint states are frozen at the old ones.
    """

    name: str
    episodes: int
    seconds: float = 20.0
    ground: str = 'flat'
    push_m_s: float = 0.0
    push_at_s: float = 3.0
    standing: bool = False
    fixed_command: tuple[float, float, float] | None = None
    joint_noise: float = 1.0
    joint_dropout: float = 0.0
    randomisation: Randomisation = field(default_factory=Randomisation)


def run_trial(
    trial: Trial,
    robot: RobotSpec,
    controller: BatchController,
    *,
    seed: int,
    threads: int,
    on_step: Callable[[int, BatchState], None] | None = None,
) -> Record:
    """Run all episodes of a trial side by side.

    Self-collision and body contacts are on; physics is the simulator's (`FINE`).

    Args:
        trial: What to run.
        robot: The robot.
        controller: Controller of `trial.episodes` robots that all start now.
        seed: Seed of everything random.
        threads: Physics threads.
        on_step: Called with step number and state after each control step, e.g. to film it.

    Returns:
        What was measured.
    """
    rng = np.random.default_rng(seed)
    ground = Ground.build(trial.ground, np.random.default_rng(seed + 1))
    robots = _robots(trial, robot, ground, rng, threads)
    steps = round(trial.seconds / CONTROL_PERIOD_S)
    command = _commands(trial, robot, rng)
    delay = rng.uniform(*trial.randomisation.delay_s, trial.episodes)
    sensing = _Sensing(trial, robot, rng)
    record = Record.empty(steps, trial.episodes)
    target = np.tile(robot.default_pose, (trial.episodes, 1))
    with robots:
        _place(robots, robot, ground, rng, trial)
        state = robots.step(np.repeat(target[:, None], 1, axis=1))
        for step in range(steps):
            if trial.push_m_s and step == round(trial.push_at_s / CONTROL_PERIOD_S):
                _push(robots, trial.push_m_s, rng)
            previous = target
            target = controller.step(*sensing(state), command, CONTROL_PERIOD_S)
            late = np.arange(_PHYSICS_STEPS)[None] * FINE.timestep_s < delay[:, None]
            control = np.where(late[..., None], previous[:, None], target[:, None])
            state = robots.step(np.clip(control, -10.0, 10.0))
            _measure(record, step, state, command, robot, ground)
            if on_step is not None:
                on_step(step, state)
    return record


class _Sensing:
    """What noisy sensors say of a state."""

    def __init__(self, trial: Trial, robot: RobotSpec, rng: np.random.Generator) -> None:
        self._trial = trial
        self._joints = len(robot.joints)
        self._rng = rng
        self._held: tuple[FloatArray, FloatArray] | None = None

    def __call__(self, state: BatchState) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Return gyro, gravity, joint positions and velocities."""
        noise, count = self._trial.randomisation, len(state.qpos)
        draw = self._rng.standard_normal
        factor = self._trial.joint_noise
        gravity = projected_gravity(state.orientation)
        gravity = gravity + noise.gravity_noise * draw((count, 3))
        gravity /= np.linalg.norm(gravity, axis=1, keepdims=True)
        gyro = state.qvel[:, 3:6] + noise.gyro_noise * draw((count, 3))
        shape = (count, self._joints)
        position = state.qpos[:, 7:] + factor * noise.position_noise * draw(shape)
        velocity = state.qvel[:, 6:] + factor * noise.velocity_noise * draw(shape)
        if self._trial.joint_dropout and self._held is not None:
            lost = self._rng.uniform(size=(count, 1)) < self._trial.joint_dropout
            position = np.where(lost, self._held[0], position)
            velocity = np.where(lost, self._held[1], velocity)
        self._held = (position, velocity)
        return gyro, gravity, position, velocity


def _robots(
    trial: Trial, robot: RobotSpec, ground: Ground, rng: np.random.Generator, threads: int
) -> BatchedRobots:
    spec = build_robot_spec(robot, self_collision=True, physics=FINE)
    add_foot_sensors(spec, robot)
    add_body_sensors(spec)
    ground.add_to(spec)
    variants = min(_VARIANTS, trial.episodes)
    models, _ = randomised_models(spec.compile(), robot, trial.randomisation, rng, variants)
    assignment = np.arange(trial.episodes) * variants // trial.episodes
    return BatchedRobots(models, assignment, threads=threads)


def _commands(trial: Trial, robot: RobotSpec, rng: np.random.Generator) -> FloatArray:
    body = robot.body
    high = body.highest_velocity
    low = body.lowest_velocity
    drawn = rng.uniform(low, high, (trial.episodes, 3))
    if trial.fixed_command is not None:
        return np.tile(np.array(trial.fixed_command), (trial.episodes, 1))
    return np.zeros_like(drawn) if trial.standing else drawn


def _place(
    robots: BatchedRobots,
    robot: RobotSpec,
    ground: Ground,
    rng: np.random.Generator,
    trial: Trial,
) -> None:
    qpos = np.tile(standing_qpos(robot), (trial.episodes, 1))
    qpos[:, :2] = ground.spawn(rng, trial.episodes)
    around = rng.uniform(-0.3, 0.3, (trial.episodes, 64, 2)) + qpos[:, None, :2]
    qpos[:, 2] += ground.height_at(around).max(axis=1) + 0.01
    half = rng.uniform(-np.pi, np.pi, trial.episodes) / 2.0
    qpos[:, 3], qpos[:, 6] = np.cos(half), np.sin(half)
    robots.place(np.arange(trial.episodes), qpos)


def _push(robots: BatchedRobots, speed: float, rng: np.random.Generator) -> None:
    angle = rng.uniform(0.0, 2.0 * np.pi, robots.count)
    robots.qvel[:, 0] += speed * np.cos(angle)
    robots.qvel[:, 1] += speed * np.sin(angle)


def _measure(
    record: Record,
    step: int,
    state: BatchState,
    command: FloatArray,
    robot: RobotSpec,
    ground: Ground,
) -> None:
    orientation = state.orientation
    velocity = rotate_inverse(orientation, state.qvel[:, :3])
    height = state.qpos[:, 2] - ground.height_at(state.qpos[:, :2])
    feet = ground.height_at(state.foot_position[..., :2])
    lean = tilt(orientation)
    body = robot.body
    # above the ground that the feet are on: a base may well reach over a step beside the feet
    low = state.qpos[:, 2] - feet.mean(axis=1) < body.min_height_m
    record.fallen[step] = (lean > body.max_tilt_rad) | low
    record.velocity[step] = np.c_[velocity[:, :2], state.qvel[:, 5]]
    record.command[:] = command
    record.position[step] = state.qpos[:, :3]
    record.tilt[step] = lean
    record.height[step] = height
    record.joint_speed[step] = np.sqrt(np.mean(state.qvel[:, 6:] ** 2, axis=1))
    record.touched |= (state.body_contacts > 0).any(axis=1)
    record.contact[step] = state.foot_load > 5.0
    record.foot_height[step] = state.foot_position[..., 2] - feet - body.foot_radius_m
