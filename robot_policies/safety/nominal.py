# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A robot that stands well and is commanded well: what benchmarks and tests start from."""

import numpy as np
from robot_policies.core.data_types import (
    Imu,
    JointCommand,
    JointState,
    Odometry,
    Scan,
    VelocityCommand,
)
from robot_policies.core.robot import RobotSpec
from robot_policies.safety.state import (
    IMU,
    JOINT_STATES,
    LOCOMOTION,
    ODOM,
    POLICY,
    SafetyState,
    SCAN,
)

UPRIGHT = (0.0, 0.0, 0.0, 1.0)


def nominal_state(robot: RobotSpec, now_ns: int) -> SafetyState:
    """Return the state of a robot in its default pose with everything fresh and nothing near."""
    count = len(robot.joint_names)
    zeros = np.zeros(3)
    body = robot.body
    scan = None
    if robot.scan is not None:
        rays = robot.scan.rays
        scan = Scan(
            now_ns,
            -np.pi,
            2.0 * np.pi / rays,
            robot.scan.range_min_m,
            robot.scan.range_max_m,
            np.full(rays, 0.75 * robot.scan.range_max_m),
        )
    return SafetyState(
        since_ns=now_ns,
        joints=JointState(now_ns, robot.default_pose, np.zeros(count), np.zeros(count)),
        imu=Imu(now_ns, np.array(UPRIGHT), zeros, np.array([0.0, 0.0, 9.81])),
        odometry=Odometry(
            now_ns,
            np.array([0.0, 0.0, body.standing_height_m]),
            np.array(UPRIGHT),
            zeros,
            zeros,
        ),
        scan=scan,
        heard=dict.fromkeys((JOINT_STATES, IMU, ODOM, SCAN, LOCOMOTION, POLICY), now_ns),
        velocity_source=POLICY,
    )


def nominal_command(robot: RobotSpec, now_ns: int) -> JointCommand:
    """Return the command to stay in the default pose."""
    return JointCommand(now_ns, position=robot.default_pose)


def nominal_velocity(now_ns: int) -> VelocityCommand:
    """Return an easy walk forward."""
    return VelocityCommand(now_ns, 0.3, 0.0, 0.1)
