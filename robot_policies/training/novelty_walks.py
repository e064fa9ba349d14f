# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Walks of simulated robots, side by side, as the vectors that novelty is judged by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import mujoco
import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.robot import RobotSpec
from robot_policies.core.rotations import projected_gravity, tilt
from robot_policies.safety.bounds import target_bounds, torque_bounds
from robot_policies.safety.proprioception_window import ProprioceptionWindow
from robot_policies.sim.batched_robots import add_foot_sensors, BatchedRobots, BatchState
from robot_policies.sim.robot_model import build_robot_spec, FINE, GROUND_BIT, standing_qpos
from robot_policies.sim.sensors import NoiseConfig

TICK_S = 0.02
KEPT_TICKS = 5
"""Every fifth vector is kept: 10 per second."""
_SETTLE_TICKS = 200
_STEPS = round(TICK_S / FINE.timestep_s)
_NOISE = NoiseConfig()


@dataclass(frozen=True, kw_only=True)
class WalkCase:
    """A kind of robot to walk with.

    Attributes:
        name: What it is called in results.
        payload_kg: Range of the mass added to the base.
        friction: Range of the friction of the feet.
        strength: Range of the factor on gains and torques.
        weak: Joint -> share of its torque that is left.
    """

    name: str = 'nominal'
    payload_kg: tuple[float, float] = (-0.5, 0.5)
    friction: tuple[float, float] = (0.6, 1.0)
    strength: tuple[float, float] = (0.95, 1.05)
    weak: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))


NOMINAL = WalkCase()
CASES = (
    WalkCase(name='payload_2kg', payload_kg=(2.0, 2.0)),
    WalkCase(name='payload_4kg', payload_kg=(4.0, 4.0)),
    WalkCase(name='weak_joint', weak=MappingProxyType({'FL_calf_joint': 0.5})),
    WalkCase(name='broken_joint', weak=MappingProxyType({'FL_calf_joint': 0.1})),
)
"""What the detector is not fitted to."""


def walk(
    robot: RobotSpec,
    controller: Any,  # noqa: ANN401
    case: WalkCase,
    *,
    count: int,
    seconds: float,
    seed: int,
    time_constant_s: float,
    threads: int = 1,
) -> FloatArray:
    """Walk with robots of a kind, to changing commands on flat ground.

    The targets are limited in torque as the supervisor limits them.

    Args:
        robot: The robot.
        controller: A `BatchController` of `count` robots that all start now.
        case: What they are like.
        count: How many.
        seconds: How long.
        seed: Of the robots, the sensors and the commands.
        time_constant_s: Of the window.
        threads: Physics threads.

    Returns:
        (k, count, d) vectors, 10 per second, from when everything has settled; NaN from when a
        robot has fallen.
    """
    rng = np.random.default_rng((seed, 17))
    window, commands = ProprioceptionWindow(time_constant_s), _Commands(robot, count, rng)
    target = np.tile(robot.default_pose, (count, 1))
    followed, fallen, vectors = np.zeros((count, 3)), np.zeros(count, dtype=bool), []
    with BatchedRobots(
        _models(robot, case, count, rng), np.arange(count), threads=threads
    ) as all_:
        all_.place(np.arange(count), np.tile(standing_qpos(robot), (count, 1)))
        state = all_.step(np.repeat(target[:, None], _STEPS, axis=1))
        for tick in range(round(seconds / TICK_S)):
            gyro, gravity, position, velocity = _sensed(state, rng)
            vector = window.update(position, velocity, target, gyro, gravity, followed, TICK_S)
            fallen |= _fallen(state, robot)
            if vector is not None and tick >= _SETTLE_TICKS and tick % KEPT_TICKS == 0:
                vectors.append(np.where(fallen[:, None], np.nan, vector).astype(np.float32))
            followed = commands.at(tick)
            wanted = controller.step(gyro, gravity, position, velocity, followed, TICK_S)
            target = _bounded(robot, wanted, position, velocity)
            state = all_.step(np.repeat(target[:, None], _STEPS, axis=1))
    return np.array(vectors)


class _Commands:
    """Velocities that change every few seconds, as fast as the robot may; some of them zero."""

    def __init__(self, robot: RobotSpec, count: int, rng: np.random.Generator) -> None:
        body = robot.body
        self._low, self._high = body.lowest_velocity, body.highest_velocity
        self._step = body.accelerations * TICK_S
        self._rng, self._until = rng, np.full(count, _SETTLE_TICKS // 2)
        self._goal, self._now = np.zeros((count, 3)), np.zeros((count, 3))

    def at(self, tick: int) -> FloatArray:
        due, rng = tick >= self._until, self._rng
        count = len(due)
        moving = rng.uniform(size=(count, 3)) < (0.8, 0.3, 0.6)
        drawn = rng.uniform(self._low, self._high, (count, 3)) * moving
        drawn *= rng.uniform(size=(count, 1)) < 0.7
        self._goal = np.where(due[:, None], drawn, self._goal)
        self._until = np.where(due, tick + rng.integers(75, 300, count), self._until)
        self._now = self._now + np.clip(self._goal - self._now, -self._step, self._step)
        return self._now


def _models(
    robot: RobotSpec, case: WalkCase, count: int, rng: np.random.Generator
) -> list[mujoco.MjModel]:
    spec = build_robot_spec(robot, self_collision=True, physics=FINE)
    add_foot_sensors(spec, robot)
    floor, plane = 'floor', mujoco.mjtGeom.mjGEOM_PLANE
    spec.worldbody.add_geom(
        name=floor, type=plane, size=[0.0, 0.0, 1.0], contype=GROUND_BIT, conaffinity=0
    )
    model = spec.compile()
    return [_variant(model, robot, case, rng) for _ in range(count)]


def _variant(
    model: mujoco.MjModel, robot: RobotSpec, case: WalkCase, rng: np.random.Generator
) -> mujoco.MjModel:
    made = mujoco.MjModel.__copy__(model)
    base = made.body(robot.body.base_frame).id
    share = 1.0 + rng.uniform(*case.payload_kg) / made.body_mass[base]
    made.body_mass[base] *= share
    made.body_inertia[base] *= share
    friction, strength = rng.uniform(*case.friction), rng.uniform(*case.strength)
    for foot in robot.body.feet:
        made.geom(foot).friction[0] = friction
    made.actuator_gainprm[:, 0] *= strength
    made.actuator_biasprm[:, 1:3] *= strength
    made.actuator_forcerange *= strength
    for joint, left in case.weak.items():
        made.jnt_actfrcrange[made.joint(joint).id] *= left
        made.actuator_forcerange[made.actuator(joint).id] *= left
    mujoco.mj_setConst(made, mujoco.MjData(made))
    return made


def _sensed(
    state: BatchState, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return gyro, gravity, joint positions and velocities, as wrong as the simulator's."""
    count, draw = len(state.qpos), rng.standard_normal
    gravity = projected_gravity(state.orientation) + _NOISE.tilt_rad * draw((count, 3))
    gravity /= np.linalg.norm(gravity, axis=1, keepdims=True)
    gyro = state.qvel[:, 3:6] + _NOISE.gyro_rad_s * draw((count, 3))
    position, velocity = state.qpos[:, 7:], state.qvel[:, 6:]
    position = position + _NOISE.joint_position_rad * draw(position.shape)
    return gyro, gravity, position, velocity + _NOISE.joint_velocity_rad_s * draw(velocity.shape)


def _bounded(
    robot: RobotSpec, wanted: FloatArray, position: FloatArray, velocity: FloatArray
) -> FloatArray:
    """Limit targets in torque and position, as `EffortLimit` and `PositionLimit` do."""
    torque = torque_bounds(robot.per_joint('effort'), robot.per_joint('velocity'), velocity)
    damping = -robot.per_joint('damping') * velocity
    bounds = target_bounds(torque, robot.per_joint('stiffness'), damping, position)
    return np.clip(bounds.clip(wanted), robot.per_joint('lower'), robot.per_joint('upper'))


def _fallen(state: BatchState, robot: RobotSpec) -> np.ndarray:
    low = state.qpos[:, 2] < robot.body.min_height_m
    return np.asarray((tilt(state.orientation) > robot.body.max_tilt_rad) | low)
