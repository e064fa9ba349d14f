# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Domain randomisation: a set of robots that differ as real ones do from their description."""

from dataclasses import dataclass

import mujoco
import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.robot import RobotSpec


@dataclass(frozen=True, kw_only=True)
class Randomisation:
    """Ranges from which a robot and its sensors are drawn.

    Attributes:
        friction: Sliding friction of the feet.
        payload_kg: Mass added to the base.
        payload_offset_m: Largest distance of the base's centre of mass from where it should be.
        strength: Factor on gains and torque limits.
        delay_s: Time from the policy's output to its effect.
        gyro_noise: Standard deviation, rad/s.
        gravity_noise: Standard deviation of the gravity direction, rad.
        position_noise: Standard deviation of joint positions, rad.
        velocity_noise: Standard deviation of joint velocities, rad/s.
    """

    friction: tuple[float, float] = (0.4, 1.2)
    payload_kg: tuple[float, float] = (-2.0, 2.0)
    payload_offset_m: float = 0.02
    strength: tuple[float, float] = (0.9, 1.1)
    delay_s: tuple[float, float] = (0.0, 0.02)
    gyro_noise: float = 0.1
    gravity_noise: float = 0.02
    position_noise: float = 0.01
    velocity_noise: float = 0.5


def randomised_models(
    model: mujoco.MjModel,
    robot: RobotSpec,
    randomisation: Randomisation,
    rng: np.random.Generator,
    count: int,
) -> tuple[list[mujoco.MjModel], FloatArray]:
    """Return copies of a robot's model with drawn properties.

    Args:
        model: Model from `build_robot_spec`, with ground.
        robot: The robot in it.
        randomisation: Ranges.
        rng: Source of the draws.
        count: Number of copies.

    Returns:
        The models and a (count, 3) table: friction less 0.8, payload / 2 kg, strength less 1.
    """
    table = np.stack(
        [
            rng.uniform(*randomisation.friction, count),
            rng.uniform(*randomisation.payload_kg, count),
            rng.uniform(*randomisation.strength, count),
        ],
        axis=1,
    )
    models = []
    for friction, payload, strength in table:
        variant = mujoco.MjModel.__copy__(model)
        offset = rng.uniform(-1.0, 1.0, 3) * randomisation.payload_offset_m
        _apply(variant, robot, friction, payload, strength, offset)
        models.append(variant)
    return models, (table - [0.8, 0.0, 1.0]) * [1.0, 0.5, 1.0]


def _apply(
    model: mujoco.MjModel,
    robot: RobotSpec,
    friction: float,
    payload: float,
    strength: float,
    offset: FloatArray,
) -> None:
    for foot in robot.body.feet:
        model.geom_friction[model.geom(foot).id, 0] = friction
    base = model.body(robot.body.base_frame).id
    scale = (model.body_mass[base] + payload) / model.body_mass[base]
    model.body_mass[base] *= scale
    model.body_inertia[base] *= scale
    model.body_ipos[base] += offset
    servos = slice(0, len(robot.joints))
    model.actuator_gainprm[servos, 0] *= strength
    model.actuator_biasprm[servos, 1:3] *= strength
    model.actuator_forcerange[servos] *= strength
    mujoco.mj_setConst(model, mujoco.MjData(model))
