# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Every topic and service: name, message type and QoS in one constant, for nodes and tests.

Names are relative, so a namespace is a robot; `/diagnostics` and `/clock` are shared by all.
"""

from dataclasses import dataclass
from typing import Any

from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from geometry_msgs.msg import TwistStamped, Vector3
from nav_msgs.msg import Odometry
from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy
from rosgraph_msgs.msg import Clock
from sensor_msgs.msg import CameraInfo, Image, Imu, JointState, Joy, LaserScan
from std_msgs.msg import Bool, String
from std_srvs.srv import Trigger
from trajectory_msgs.msg import MultiDOFJointTrajectory
from visualization_msgs.msg import MarkerArray

SENSOR = QoSProfile(depth=1, reliability=ReliabilityPolicy.BEST_EFFORT)
"""Only the newest counts; a lost one is replaced by the next."""
COMMAND = QoSProfile(depth=1, reliability=ReliabilityPolicy.RELIABLE)
"""Only the newest counts, and it has to arrive."""
STATE = QoSProfile(
    depth=1,
    reliability=ReliabilityPolicy.RELIABLE,
    durability=DurabilityPolicy.TRANSIENT_LOCAL,
)
"""Set on change; who comes later gets the current one."""
EVENTS = QoSProfile(depth=10, reliability=ReliabilityPolicy.RELIABLE)
"""Each one counts."""

INPUT = QoSProfile(depth=10, reliability=ReliabilityPolicy.BEST_EFFORT)
"""From a driver whose every message counts, whatever it offers."""


@dataclass(frozen=True)
class Topic:
    """What one topic is.

    Attributes:
        name: Relative to the robot's namespace, except where it starts with a slash.
        type: Message class.
        qos: Quality of service, for both ends.
    """

    name: str
    type: Any
    qos: QoSProfile


@dataclass(frozen=True)
class Service:
    """What one service is.

    Attributes:
        name: Relative to the robot's namespace.
        type: Service class.
    """

    name: str
    type: Any


JOINT_STATES = Topic('joint_states', JointState, SENSOR)
IMU = Topic('imu/data', Imu, SENSOR)
ODOM = Topic('odom', Odometry, SENSOR)
SCAN = Topic('scan', LaserScan, SENSOR)
INSTRUCTION = Topic('instruction', String, STATE)
GOAL_IMAGE = Topic('goal_image', Image, STATE)

POLICY_CHUNK = Topic('policy/chunk', MultiDOFJointTrajectory, COMMAND)
POLICY_STATUS = Topic('policy/status', DiagnosticStatus, STATE)
POLICY_OBSERVATION = Topic('policy/observation', String, EVENTS)
POLICY_CMD_VEL = Topic('policy/cmd_vel', TwistStamped, COMMAND)
JOY = Topic('joy', Joy, INPUT)
TELEOP_CMD_VEL = Topic('teleop/cmd_vel', TwistStamped, COMMAND)
CMD_VEL = Topic('cmd_vel', TwistStamped, COMMAND)
POLICY_COMMAND = Topic('policy/command', JointState, COMMAND)
LOCOMOTION_COMMAND = Topic('locomotion/command', JointState, COMMAND)
JOINT_COMMAND = Topic('joint_command', JointState, COMMAND)

NOVELTY = Topic('novelty', DiagnosticArray, SENSOR)
SAFETY_STATUS = Topic('safety/status', DiagnosticStatus, STATE)
SAFETY_ESTOP = Topic('safety/estop', Bool, STATE)
DIAGNOSTICS = Topic('/diagnostics', DiagnosticArray, EVENTS)
TRACE = Topic('trace', String, EVENTS)
ROBOT_DESCRIPTION = Topic('robot_description', String, STATE)
MARKERS = Topic('markers', MarkerArray, COMMAND)

# Simulation only; nothing in the control path reads these.
CLOCK = Topic('/clock', Clock, COMMAND)
SIM_GROUND_TRUTH = Topic('sim/ground_truth', Odometry, SENSOR)
SIM_OBJECTS = Topic('sim/objects', MarkerArray, STATE)
SIM_CONTACTS = Topic('sim/contacts', String, EVENTS)
SIM_PUSH = Topic('sim/push', Vector3, EVENTS)
SIM_FAULT = Topic('sim/fault', String, EVENTS)

SAFETY_RESET = Service('safety/reset', Trigger)
SAFETY_STOP = Service('safety/stop', Trigger)
SIM_RESET = Service('sim/reset', Trigger)


def camera_image(name: str) -> Topic:
    """Return the colour image topic of the camera `name`."""
    return Topic(f'camera/{name}/image_raw', Image, SENSOR)


def camera_info(name: str) -> Topic:
    """Return the topic with the calibration of the camera `name`."""
    return Topic(f'camera/{name}/camera_info', CameraInfo, SENSOR)


def camera_depth(name: str) -> Topic:
    """Return the depth image topic of the camera `name`: 32FC1, m."""
    return Topic(f'camera/{name}/depth', Image, SENSOR)


def features(encoder: str) -> Topic:
    """Return the topic with the features of the encoder `encoder`."""
    return Topic(f'features/{encoder}', Image, SENSOR)
