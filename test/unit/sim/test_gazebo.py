# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What Gazebo is given, checked as far as it can be without Gazebo."""

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from robot_policies.core.data_types import JointCommand, JointState
from robot_policies.core.joint_driver import JointDriver
from robot_policies.resources import load_robot, read_yaml, share_dir
from robot_policies.sim.description import load_description
from robot_policies.sim.gazebo import gazebo_description, joint_torques
from robot_policies.sim.vocabulary import dimensions
import yaml

ROBOT = load_robot('go2')
GAZEBO = share_dir() / 'config' / 'gazebo'
OWN = load_description(ROBOT)
ROOT = ElementTree.fromstring(
    gazebo_description(OWN.xml, ROBOT, GAZEBO / 'go2_controllers.yaml', OWN.mesh_path)
)


def test_every_joint_takes_torque_within_its_limit_and_starts_in_the_default_pose():
    joints = {joint.attrib['name']: joint for joint in ROOT.find('ros2_control').iter('joint')}
    assert tuple(joints) == ROBOT.joint_names
    for spec in ROBOT.joints:
        command = joints[spec.name].find('command_interface')
        limits = [float(param.text) for param in command.iter('param')]
        assert command.attrib['name'] == 'effort'
        assert limits == [-spec.effort, spec.effort]
        initial = joints[spec.name].find("state_interface[@name='position']/param")
        assert float(initial.text) == spec.default


def test_every_mesh_is_a_file_that_is_there():
    meshes = [Path(mesh.attrib['filename'].removeprefix('file://')) for mesh in ROOT.iter('mesh')]
    assert meshes
    assert all(mesh.is_file() for mesh in meshes)


def test_the_controllers_are_given_and_list_the_joints_in_the_order_of_the_robot():
    path = Path(ROOT.find('.//plugin/parameters').text)
    parameters = read_yaml(path)['effort_controller']['ros__parameters']
    assert tuple(parameters['joints']) == ROBOT.joint_names


def test_sensors_are_those_of_the_robot():
    sensors = {sensor.attrib['name']: sensor for sensor in ROOT.iter('sensor')}
    assert set(sensors) == {'imu', 'scan', 'front'}
    samples = int(sensors['scan'].find('ray/scan/horizontal/samples').text)
    assert samples == ROBOT.scan.rays
    camera = ROBOT.camera('front')
    image = sensors['front'].find('camera/image')
    size = [int(image.find(tag).text) for tag in ('width', 'height')]
    assert size == [camera.width, camera.height]
    # a picture 4/3 as wide as high: tan(across / 2) = 4/3 tan(0.6) = 0.9122
    across = float(sensors['front'].find('camera/horizontal_fov').text)
    assert across == pytest.approx(2 * np.arctan(0.9122), abs=1e-3)


def test_every_topic_of_the_bridge_is_published_by_the_robot_or_the_world():
    topics = {topic.text for topic in ROOT.iter('topic')}
    topics |= {topic.text for topic in ROOT.iter('odom_topic')}
    topics |= {topic.text for topic in ROOT.iter('camera_info_topic')}
    bridge = yaml.safe_load((GAZEBO / 'go2_bridge.yaml').read_text())
    assert {entry['gz_topic_name'] for entry in bridge} == topics | {'/clock'}
    keys = {'ros_topic_name', 'gz_topic_name', 'ros_type_name', 'gz_type_name', 'direction'}
    for entry in bridge:
        assert set(entry) == keys
        assert entry['direction'] == 'GZ_TO_ROS'


def test_the_world_has_the_objects_of_the_one_in_mujoco():
    world = ElementTree.parse(GAZEBO / 'arena.sdf').getroot().find('world')
    poses = {model.attrib['name']: model.findtext('pose') for model in world.iter('model')}
    arena = read_yaml(share_dir() / 'config' / 'worlds' / 'arena.yaml')
    for item in arena['items']:
        if item['shape'] == 'cone':
            continue  # Harmonic has no cone
        pose = poses[f'{item["size"]}_{item["colour"]}_{item["shape"]}'].split()
        height = dimensions(item['size'], item['shape']).height_m
        assert [float(v) for v in pose[:3]] == [item['x_m'], item['y_m'], height / 2]


def test_torques_follow_the_command_within_the_limits():
    driver = JointDriver(ROBOT, latency_ns=0, timeout_ns=100_000_000)
    zeros, limits = np.zeros(12), ROBOT.per_joint('effort')
    state = JointState(0, ROBOT.default_pose, np.full(12, 2.0), zeros)
    # damped before any command: 1 N·m·s/rad against 2 rad/s
    np.testing.assert_allclose(joint_torques(driver.drive(0), state, limits), -2.0)
    driver.accept(JointCommand(0, position=ROBOT.default_pose + 0.1), 0)
    # 40 N·m/rad · 0.1 rad − 2 N·m
    np.testing.assert_allclose(joint_torques(driver.drive(0), state, limits), 2.0)
    driver.accept(JointCommand(0, position=ROBOT.default_pose + 9.0), 0)
    np.testing.assert_allclose(joint_torques(driver.drive(0), state, limits), limits)
