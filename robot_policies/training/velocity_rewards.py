# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What a velocity controller is paid for, per policy step.

Tracking by a wide and a narrow kernel: the wide one shows the way, the narrow one pays for the
last centimetres per second. The gait is shaped by the trot clock (contacts, foot heights and the
foothold heuristic of Raibert, *Legged Robots That Balance*, 1986), the rest are costs.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from robot_policies.core.arrays import FloatArray


@dataclass(frozen=True, eq=False)
class StepFacts:
    """What happened in one policy step, for n robots with 12 joints and 4 feet.

    Attributes:
        linear: (n, 3) base velocity, m/s, in the frame that is level and turns with the base.
        angular: (n, 3) rad/s, base frame.
        gravity: (n, 3) unit vector, base frame.
        height: (n,) base above the ground, m.
        joint_offset: (n, 12) rad from the default pose.
        joint_velocity: (n, 12) rad/s.
        joint_acceleration: (n, 12) rad/s².
        torque: (n, 12) N·m.
        action: (n, 3, 12) newest last.
        contact: (n, 4) 1.0 where a foot is loaded.
        foot_height: (n, 4) foot sphere above the ground, m.
        foot_offset: (n, 4, 2) foot from its nominal place, level frame, m.
        foot_speed: (n, 4) horizontal, m/s.
        swing: (n, 4) progress of the swing, 0 on the ground.
        command: (n, 3).
        moving: (n,) 1.0 while told to walk.
        rough: (n,) 1.0 on rough ground.
        fallen: (n,) True where the robot fell.
    """

    linear: FloatArray
    angular: FloatArray
    gravity: FloatArray
    height: FloatArray
    joint_offset: FloatArray
    joint_velocity: FloatArray
    joint_acceleration: FloatArray
    torque: FloatArray
    action: FloatArray
    contact: FloatArray
    foot_height: FloatArray
    foot_offset: FloatArray
    foot_speed: FloatArray
    swing: FloatArray
    command: FloatArray
    moving: FloatArray
    rough: FloatArray
    fallen: npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class RewardWeights:
    """Weights of the terms, per second; gains positive, costs negative."""

    linear: float = 2.4
    yaw: float = 2.0
    contact: float = 0.8
    foot_height: float = 1.0
    foothold: float = 0.8
    vertical: float = -1.5
    roll_pitch_rate: float = -0.05
    tilt: float = -8.0
    height: float = -30.0
    torque: float = -2e-4
    acceleration: float = -2.5e-7
    power: float = -1e-3
    action_rate: float = -0.012
    action_jerk: float = -0.006
    slip: float = -0.15
    hip: float = -0.6
    pose: float = -0.1
    stand_pose: float = -1.5
    stand_velocity: float = -0.03
    stand_rate: float = -0.08
    fall: float = -60.0


@dataclass(frozen=True, kw_only=True)
class GaitTargets:
    """What a tidy trot looks like.

    Attributes:
        height_m: Base above the ground.
        clearance_m: Foot above the ground at the top of its swing.
        clearance_rough_m: The same on rough ground.
        stance_s: Time that a foot stays on the ground.
        capture_s: How far to step towards a velocity that was not commanded.
    """

    height_m: float = 0.30
    clearance_m: float = 0.085
    clearance_rough_m: float = 0.11
    stance_s: float = 0.21
    capture_s: float = 0.15


def reward_terms(facts: StepFacts, targets: GaitTargets) -> dict[str, FloatArray]:
    """Return name -> (n,) unweighted terms; names are those of `RewardWeights`."""
    terms = _tracking(facts)
    terms.update(_gait(facts, targets))
    terms.update(_body(facts, targets))
    terms.update(_effort(facts))
    terms['fall'] = facts.fallen.astype(float)
    return terms


def total_reward(terms: dict[str, FloatArray], weights: RewardWeights, dt_s: float) -> FloatArray:
    """Return (n,) the weighted sum; costs can eat up gains but not more, falls always count."""
    total = sum(getattr(weights, name) * value for name, value in terms.items() if name != 'fall')
    return np.asarray((np.maximum(total, 0.0) + weights.fall * terms['fall']) * dt_s)


def _kernel(error_squared: FloatArray) -> FloatArray:
    return 0.6 * np.exp(-error_squared / 0.35) + 0.4 * np.exp(-error_squared / 0.06)


def _tracking(f: StepFacts) -> dict[str, FloatArray]:
    linear = np.sum((f.linear[:, :2] - f.command[:, :2]) ** 2, axis=1)
    yaw = (f.angular[:, 2] - f.command[:, 2]) ** 2
    return {'linear': _kernel(linear), 'yaw': _kernel(yaw)}


def _gait(f: StepFacts, targets: GaitTargets) -> dict[str, FloatArray]:
    in_swing = f.swing > 0.0
    moving = f.moving[:, None]
    match = np.where(in_swing, 1.0 - f.contact, f.contact).mean(axis=1)
    clearance = np.where(f.rough > 0.0, targets.clearance_rough_m, targets.clearance_m)
    wanted = clearance[:, None] * np.sin(np.pi * f.swing) ** 2
    lift = np.exp(-(((f.foot_height - wanted) / 0.03) ** 2)) * in_swing
    excess = f.linear[:, :2] - f.command[:, :2]
    foothold = _foothold(f, targets, excess)
    near = np.exp(-np.sum((f.foot_offset - foothold) ** 2, axis=2) / 0.08**2) * in_swing
    slip = (f.contact * f.foot_speed**2).sum(axis=1)
    return {
        'contact': match,
        'foot_height': 0.5 * lift.sum(axis=1) + (1.0 - moving[:, 0]) * match,
        'foothold': 0.5 * near.sum(axis=1) + (1.0 - moving[:, 0]) * match,
        'slip': slip,
    }


def _foothold(f: StepFacts, targets: GaitTargets, excess: FloatArray) -> FloatArray:
    """Return (n, 4, 2) where each swinging foot should be now, from its nominal place."""
    travel = f.command[:, None, :2] + f.command[:, None, 2:] * NOMINAL_TURN
    sweep = -np.cos(np.pi * f.swing)[..., None] * travel * targets.stance_s / 2.0
    late = f.swing[..., None] * np.clip(excess, -1.0, 1.0)[:, None] * targets.capture_s
    return np.asarray(sweep + late)


NOMINAL_TURN = np.array([[-0.17, 0.2], [0.17, 0.2], [-0.17, -0.2], [0.17, -0.2]])
"""(4, 2) velocity of each nominal foot place per rad/s of turning: (-y, x) of the foot."""


def _body(f: StepFacts, targets: GaitTargets) -> dict[str, FloatArray]:
    ease = 1.0 - 0.75 * f.rough
    return {
        'vertical': f.linear[:, 2] ** 2 * ease,
        'roll_pitch_rate': np.sum(f.angular[:, :2] ** 2, axis=1),
        'tilt': np.sum(f.gravity[:, :2] ** 2, axis=1) * ease,
        'height': (f.height - targets.height_m) ** 2,
    }


def _effort(f: StepFacts) -> dict[str, FloatArray]:
    rate = f.action[:, 2] - f.action[:, 1]
    jerk = rate - (f.action[:, 1] - f.action[:, 0])
    standing = 1.0 - f.moving
    pose = np.sum(f.joint_offset**2, axis=1)
    return {
        'torque': np.sum(f.torque**2, axis=1),
        'acceleration': np.sum(f.joint_acceleration**2, axis=1),
        'power': np.sum(np.abs(f.torque * f.joint_velocity), axis=1),
        'action_rate': np.sum(rate**2, axis=1),
        'action_jerk': np.sum(jerk**2, axis=1),
        'hip': np.sum(f.joint_offset[:, 0::3] ** 2, axis=1),
        'pose': pose,
        'stand_pose': pose * standing,
        'stand_velocity': np.sum(f.joint_velocity**2, axis=1) * standing,
        'stand_rate': np.sum(rate**2, axis=1) * standing,
    }
