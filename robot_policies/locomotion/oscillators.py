# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Walks open loop: every joint follows a sine; no sensor is read. Baseline and fallback gait.

After Raffin et al., *An Open-Loop Baseline for Reinforcement Learning Locomotion Tasks* (2023):
per joint `q = a sin(theta + phi) + b`, with one phase rate while a leg swings (`sin(theta) > 0`)
and another while it stands. Added here: the command scales the sines that carry the body, with
each leg's share in turning (its speed is `v + omega x r`), and legs trot in diagonal pairs.
"""

from dataclasses import dataclass, fields

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import JointCommand, LocomotionObservation
from robot_policies.core.params import param
from robot_policies.locomotion.rise import Rise

_PAIR_PHASE = np.array([0.0, np.pi, np.pi, 0.0])
_FOOT = np.array([[0.2, 0.17], [0.2, -0.17], [-0.2, 0.17], [-0.2, -0.17]])
"""(4, 2) x and y of each foot below the base, m: FL, FR, RL, RR."""
_SIDE = np.array([1.0, -1.0, 1.0, -1.0])
_REAR = np.array([0.0, 0.0, 1.0, 1.0])
_MOVING = 0.05


@dataclass(frozen=True, kw_only=True)
class OscillatorsConfig:
    """Amplitudes, phases and offsets; tuned by `robot-policies train go2_oscillators`."""

    swing_hz: float = param(
        2.4, doc='Phase rate while a leg swings.', unit='Hz', low=0.5, high=6.0
    )
    stance_hz: float = param(2.4, doc='Phase rate while it stands.', unit='Hz', low=0.5, high=6.0)
    lift_thigh: float = param(0.3, doc='Thigh sine at rest.', unit='rad', low=-1.5, high=1.5)
    lift_calf: float = param(-0.6, doc='Calf sine at rest.', unit='rad', low=-2.0, high=2.0)
    lift_phase: float = param(0.0, doc='Phase of the lift.', unit='rad', low=-3.2, high=3.2)
    stride_thigh: float = param(
        0.35, doc='Thigh sine per m/s of foot speed.', unit='rad·s/m', low=-2.0, high=2.0
    )
    stride_calf: float = param(
        0.0, doc='Calf sine per m/s of foot speed.', unit='rad·s/m', low=-2.0, high=2.0
    )
    stride_phase: float = param(1.57, doc='Phase of the stride.', unit='rad', low=-3.2, high=3.2)
    sway_hip: float = param(
        0.35, doc='Hip sine per m/s of sideways foot speed.', unit='rad·s/m', low=-2.0, high=2.0
    )
    sway_phase: float = param(-1.57, doc='Phase of the sway.', unit='rad', low=-3.2, high=3.2)
    hip_out: float = param(0.0, doc='Hips turned outwards.', unit='rad', low=-0.5, high=0.5)
    thigh_front: float = param(0.0, doc='Front thigh offset.', unit='rad', low=-0.8, high=0.8)
    thigh_rear: float = param(0.0, doc='Rear thigh offset.', unit='rad', low=-0.8, high=0.8)
    calf_front: float = param(0.0, doc='Front calf offset.', unit='rad', low=-0.8, high=0.8)
    calf_rear: float = param(0.0, doc='Rear calf offset.', unit='rad', low=-0.8, high=0.8)
    drift: float = param(
        0.25, doc='Foot speed that keeps the trot on the spot.', unit='m/s', low=-1.0, high=1.0
    )
    lean_thigh: float = param(
        0.0, doc='Thigh offset per m/s forward.', unit='rad·s/m', low=-1.0, high=1.0
    )
    rise_s: float = param(
        1.5, doc='Time to rise from another pose after a reset.', unit='s', low=0.1, high=10.0
    )


TUNED = tuple(item.name for item in fields(OscillatorsConfig) if item.name != 'rise_s')
"""The parameters that the search tunes, in this order."""


def advance(parameters: FloatArray, phase: FloatArray, dt_s: float) -> FloatArray:
    """Return the (n, 4) leg phases one step later, rad.

    Args:
        parameters: (n, p) or (1, p) values of `TUNED`.
        phase: (n, 4) rad.
        dt_s: Time step.
    """
    rate = np.where(np.sin(phase) > 0.0, parameters[:, :1], parameters[:, 1:2])
    return np.asarray((phase + 2.0 * np.pi * rate * dt_s) % (2.0 * np.pi))


def stance(parameters: FloatArray) -> FloatArray:
    """Return (n, 12) constant offsets from the default pose, rad; (n, p) values of `TUNED`."""
    p = _by_name(parameters)
    hip = p['hip_out'] * _SIDE
    thigh = p['thigh_front'] * (1.0 - _REAR) + p['thigh_rear'] * _REAR
    calf = p['calf_front'] * (1.0 - _REAR) + p['calf_rear'] * _REAR
    return np.stack([hip, thigh, calf], axis=2).reshape(len(parameters), 12)


def sines(parameters: FloatArray, phase: FloatArray, command: FloatArray) -> FloatArray:
    """Return (n, 12) moving offsets, rad.

    Args:
        parameters: (n, p) or (1, p) values of `TUNED`.
        phase: (n, 4) leg phases, rad.
        command: (n, 3) vx, vy, yaw rate.
    """
    p = _by_name(parameters)
    # (n, 4) speed of each foot along and across the body
    forward = command[:, :1] + p['drift'] - command[:, 2:] * _FOOT[:, 1]
    sideways = command[:, 1:2] + command[:, 2:] * _FOOT[:, 0]
    lift = np.maximum(np.sin(phase + p['lift_phase']), 0.0)  # standing legs stay straight
    stride = np.sin(phase + p['stride_phase']) * forward
    hip = p['sway_hip'] * np.sin(phase + p['sway_phase']) * sideways
    thigh = p['lift_thigh'] * lift + p['stride_thigh'] * stride
    thigh = thigh + p['lean_thigh'] * command[:, :1]
    calf = p['lift_calf'] * lift + p['stride_calf'] * stride
    return np.stack([hip, thigh, calf], axis=2).reshape(len(phase), 12)


def _by_name(parameters: FloatArray) -> dict[str, FloatArray]:
    return {name: parameters[:, index, None] for index, name in enumerate(TUNED)}


class OscillatorsBatch:
    """The gait on n robots at once, each with its own or all with the same parameters."""

    def __init__(self, parameters: FloatArray, default_pose: FloatArray, count: int) -> None:
        """Create it.

        Args:
            parameters: (n, p) or (1, p) values of `TUNED`.
            default_pose: (12,) rad.
            count: Number of robots n.
        """
        self._parameters = parameters
        self._default = default_pose
        self._phase = np.tile(_PAIR_PHASE, (count, 1))
        self._going = np.zeros((count, 1))

    def step(
        self,
        angular_velocity: FloatArray,
        gravity: FloatArray,
        position: FloatArray,
        velocity: FloatArray,
        command: FloatArray,
        dt_s: float,
    ) -> FloatArray:
        """Return (n, 12) targets for (n, 3) commands; nothing else is looked at."""
        del angular_velocity, gravity, position, velocity
        moving = (np.linalg.norm(command, axis=1) > _MOVING)[:, None]
        self._going = np.clip(self._going + np.where(moving, dt_s, -dt_s) / 0.3, 0.0, 1.0)
        rest = self._going == 0.0
        phase = advance(self._parameters, self._phase, dt_s)
        self._phase = np.where(rest, _PAIR_PHASE, phase)
        moved = sines(self._parameters, self._phase, command)
        # before the first and after the last step the sines fade; the stance stays
        return self._default + stance(self._parameters) + self._going * moved


class Oscillators:
    """Locomotion controller without feedback."""

    config_class = OscillatorsConfig

    def __init__(self, config: OscillatorsConfig, context: PluginContext) -> None:
        """Create the controller; it has no weights."""
        self._config = config
        self._robot = context.robot
        self._parameters = _parameters(config)
        self.reset()

    @staticmethod
    def batch(config: OscillatorsConfig, context: PluginContext, count: int) -> OscillatorsBatch:
        """Return the same gait on `count` standing robots at once."""
        return OscillatorsBatch(_parameters(config), context.robot.default_pose, count)

    def reset(self) -> None:
        """Forget the phase; the next step starts from standing."""
        self._batch = OscillatorsBatch(self._parameters, self._robot.default_pose, 1)
        self._rise = Rise(self._robot.default_pose, self._config.rise_s)

    def step(self, observation: LocomotionObservation, dt_s: float) -> JointCommand:
        """Return the joint targets for one control step."""
        target = self._rise.step(observation.joints.position, dt_s)
        if target is None:
            nothing = np.zeros((1, 3))
            command = observation.command.as_array()[None]
            joints = observation.joints.position[None]
            target = self._batch.step(nothing, nothing, joints, joints, command, dt_s)[0]
        lower, upper = self._robot.per_joint('lower'), self._robot.per_joint('upper')
        return JointCommand(stamp_ns=observation.stamp_ns, position=np.clip(target, lower, upper))


def _parameters(config: OscillatorsConfig) -> FloatArray:
    return np.array([[getattr(config, name) for name in TUNED]])
