# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""How long the shipped walking controller takes for one step."""

import time
from typing import Any

import numpy as np
from robot_policies.core.data_types import Imu, JointState, LocomotionObservation, VelocityCommand
from robot_policies.core.plugins import create
from robot_policies.core.robot import RobotSpec
from robot_policies.evaluation.bench.measurement import aim, distribution, Measurement
from robot_policies.resources import load_checkpoint, load_robot

STEPS, QUICK_STEPS = 20_000, 1_000
CHECKPOINT = 'go2_velocity'
PERIOD_NS = 20_000_000
_WARM_UP = 200


def measure(quick: bool) -> dict[str, Any]:
    """Return the time of a step on changing proprioception."""
    robot = load_robot('go2')
    spec, values, context = load_checkpoint(CHECKPOINT, robot)
    controller = create(spec, verb='step', values=values, context=context)
    rng = np.random.default_rng(0)
    controller.reset()
    times_ms = []
    for step in range(_WARM_UP + (QUICK_STEPS if quick else STEPS)):
        observation = _observation(robot, rng, step * PERIOD_NS)
        started_ns = time.perf_counter_ns()
        controller.step(observation, PERIOD_NS / 1e9)
        elapsed_ns = time.perf_counter_ns() - started_ns
        if step >= _WARM_UP:
            times_ms.append(elapsed_ns / 1e6)
    numbers: dict[str, Any] = distribution(times_ms, 'ms')
    return numbers | {'plugin': spec, 'aim_p99_ms': aim(numbers['p99_ms'], 2.0)}


def _observation(robot: RobotSpec, rng: np.random.Generator, now_ns: int) -> LocomotionObservation:
    noise = 0.05 * rng.standard_normal((2, len(robot.joints)))
    joints = JointState(now_ns, robot.default_pose + noise[0], noise[1], np.zeros_like(noise[0]))
    imu = Imu(now_ns, np.array([0.0, 0.0, 0.0, 1.0]), noise[1][:3], np.array([0.0, 0.0, 9.81]))
    return LocomotionObservation(now_ns, joints, imu, VelocityCommand(now_ns, 0.5, 0.0, 0.2))


MEASUREMENT = Measurement(
    'locomotion_inference', 'one step of the shipped walking controller', measure
)
