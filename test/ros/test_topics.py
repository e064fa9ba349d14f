# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The topics as the interface promises them, and every codec on rclpy's own messages."""

from geometry_msgs.msg import Twist
import numpy as np
import pytest
from rclpy.qos import DurabilityPolicy, ReliabilityPolicy
from rclpy.serialization import deserialize_message, serialize_message
from robot_policies.core.data_types import (
    ActionChunk,
    Features,
    Image,
    Imu,
    JointCommand,
    JointState,
    Odometry,
    Scan,
    VelocityCommand,
)
from robot_policies.resources import load_robot
from robot_policies.ros import topics
from robot_policies.ros.codecs import base, chunks, images, joints, ros2_control, scan
from std_msgs.msg import Float64MultiArray
from trajectory_msgs.msg import (
    JointTrajectory,
    JointTrajectoryPoint,
    MultiDOFJointTrajectory,
    MultiDOFJointTrajectoryPoint,
)

pytestmark = pytest.mark.ros
TOPICS = {
    topic.name: topic
    for topic in [
        *(value for value in vars(topics).values() if isinstance(value, topics.Topic)),
        topics.camera_image('front'),
        topics.camera_info('front'),
        topics.camera_depth('front'),
        topics.features('x'),
    ]
}
ROBOT = load_robot('go2')
N = len(ROBOT.joints)
STAMP = 12_345_678_901_234_567


def test_names_are_relative_so_that_a_namespace_is_a_robot():
    assert [name for name in TOPICS if name.startswith('/')] == ['/diagnostics', '/clock']
    assert 'camera/front/image_raw' in TOPICS
    assert 'features/x' in TOPICS


@pytest.mark.parametrize(
    'name', ['joint_states', 'imu/data', 'odom', 'scan', 'camera/front/image_raw', 'features/x']
)
def test_a_sensor_may_lose_a_sample_and_keeps_only_the_newest(name):
    assert TOPICS[name].qos.reliability == ReliabilityPolicy.BEST_EFFORT
    assert TOPICS[name].qos.depth == 1


@pytest.mark.parametrize(
    'name', ['policy/chunk', 'policy/cmd_vel', 'cmd_vel', 'locomotion/command', 'joint_command']
)
def test_a_command_arrives_and_is_not_repeated_to_late_comers(name):
    assert TOPICS[name].qos.reliability == ReliabilityPolicy.RELIABLE
    assert TOPICS[name].qos.durability == DurabilityPolicy.VOLATILE
    assert TOPICS[name].qos.depth == 1


@pytest.mark.parametrize(
    'name', ['instruction', 'goal_image', 'safety/status', 'safety/estop', 'policy/status']
)
def test_a_state_is_told_to_late_comers(name):
    assert TOPICS[name].qos.reliability == ReliabilityPolicy.RELIABLE
    assert TOPICS[name].qos.durability == DurabilityPolicy.TRANSIENT_LOCAL


def sent(message):
    return deserialize_message(serialize_message(message), type(message))


@pytest.fixture
def joint_map():
    return ROBOT.joint_map()


def test_joints_go_through_rclpy(joint_map):
    numbers = np.random.default_rng(0).normal(size=(3, N))
    state = JointState(STAMP, *numbers)
    message = sent(joints.joint_state_to_msg(state, joint_map, topics.JOINT_STATES.type()))
    back = joints.joint_state_from_msg(message, joint_map)
    np.testing.assert_array_equal(back.velocity, numbers[1])
    command = JointCommand.damping(STAMP, N)
    message = sent(joints.joint_command_to_msg(command, joint_map, topics.JOINT_COMMAND.type()))
    assert joints.joint_command_from_msg(message, joint_map).is_damping


def test_ros2_control_commands_go_through_rclpy(joint_map):
    command = JointCommand(STAMP, position=ROBOT.default_pose)
    message = sent(ros2_control.forward_command_to_msg(command, Float64MultiArray()))
    back = ros2_control.forward_command_from_msg(message, joint_map, STAMP)
    np.testing.assert_array_equal(back.position, ROBOT.default_pose)
    message = ros2_control.joint_trajectory_to_msg(
        command, joint_map, JointTrajectory(), JointTrajectoryPoint(), 0
    )
    back = ros2_control.joint_trajectory_from_msg(sent(message), joint_map)
    np.testing.assert_array_equal(back.position, ROBOT.default_pose)


def test_the_base_goes_through_rclpy():
    upright, v = np.array([0.0, 0.0, 0.0, 1.0]), np.array([1.0, 2.0, 3.0])
    imu = base.imu_from_msg(
        sent(base.imu_to_msg(Imu(STAMP, upright, v, v), 'b', topics.IMU.type()))
    )
    np.testing.assert_array_equal(imu.angular_velocity, v)
    odometry = Odometry(STAMP, v, upright, v, v)
    message = sent(base.odometry_to_msg(odometry, 'odom', 'b', topics.ODOM.type()))
    np.testing.assert_array_equal(base.odometry_from_msg(message).position, v)
    velocity = VelocityCommand(STAMP, 1.0, 2.0, 3.0)
    message = sent(base.velocity_to_msg(velocity, 'b', topics.CMD_VEL.type()))
    assert base.velocity_from_msg(message) == velocity


def test_what_the_robot_sees_goes_through_rclpy():
    pixels = np.random.default_rng(0).integers(0, 255, (4, 6, 3), dtype=np.uint8)
    topic = topics.camera_image('front')
    message = sent(images.image_to_msg(Image(STAMP, pixels), 'front', topic.type()))
    np.testing.assert_array_equal(images.image_from_msg(message).pixels, pixels)
    tokens = np.random.default_rng(0).normal(size=(5, 7)).astype(np.float32)
    message = sent(images.features_to_msg(Features(STAMP, tokens), topic.type()))
    np.testing.assert_array_equal(images.features_from_msg(message).tokens, tokens)
    ranges = np.array([1.0, np.inf, 2.0])
    value = Scan(STAMP, 0.0, 0.5, 0.125, 8.0, ranges)
    message = sent(scan.scan_to_msg(value, 'base', topics.SCAN.type()))
    np.testing.assert_array_equal(scan.scan_from_msg(message).ranges, ranges)
    camera = ROBOT.cameras[0]
    info = topics.camera_info('front').type()
    assert sent(images.camera_info_to_msg(camera, STAMP, 'front', info)).width == camera.width


def test_a_chunk_goes_through_rclpy():
    chunk = ActionChunk(STAMP, 100_000_000, np.random.default_rng(0).normal(size=(4, 3)))
    message = chunks.chunk_to_msg(
        chunk, 'base', MultiDOFJointTrajectory(), MultiDOFJointTrajectoryPoint, Twist
    )
    back = chunks.chunk_from_msg(sent(message))
    np.testing.assert_array_equal(back.actions, chunk.actions)
