# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A robot's URDF with what Gazebo needs beside it: motors, sensors, odometry, friction.

Written from the robot's YAML, so that the robot in Gazebo has the sensors, limits and pose of the
one in MuJoCo. Plugins and tags are those of Gazebo Harmonic and gz_ros2_control, the pair that
belongs to ROS 2 Jazzy.
"""

from collections.abc import Callable
import math
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.data_types import JointState
from robot_policies.core.joint_driver import Drive
from robot_policies.core.robot import CameraSpec, RobotSpec, ScanSpec

IMU_RATE_HZ = 250.0
ODOMETRY_RATE_HZ = 50.0
_FOOT_FRICTION = 0.8


def gazebo_description(
    urdf: str, robot: RobotSpec, controllers: Path, mesh_path: Callable[[str], Path]
) -> str:
    """Return the URDF that Gazebo spawns and the controller manager reads.

    Args:
        urdf: The robot's own description.
        robot: Its joints, sensors and feet.
        controllers: YAML with the controllers' parameters.
        mesh_path: From a mesh URI of the URDF to its file.
    """
    root = ElementTree.fromstring(urdf)
    for mesh in root.iter('mesh'):
        mesh.set('filename', mesh_path(mesh.attrib['filename']).as_uri())
    root.append(_ros2_control(robot))
    root.append(_system_plugins(robot, controllers))
    for foot in robot.body.feet:
        root.append(_friction(foot))
    root.append(_sensors(robot))
    return ElementTree.tostring(root, encoding='unicode')


def joint_torques(drive: Drive, state: JointState, limits: FloatArray) -> FloatArray:
    """Return (n,) torques of a PD drive within the limits, N·m.

    Args:
        drive: What the motors do.
        state: What the joints do.
        limits: (n,) N·m.
    """
    torques = (
        drive.stiffness * (drive.target - state.position)
        - drive.damping * state.velocity
        + drive.effort
    )
    return np.asarray(np.clip(torques, -limits, limits))


def _ros2_control(robot: RobotSpec) -> Element:
    system = Element('ros2_control', name='GazeboSimSystem', type='system')
    _text(SubElement(system, 'hardware'), 'plugin', 'gz_ros2_control/GazeboSimSystem')
    for spec in robot.joints:
        joint = SubElement(system, 'joint', name=spec.name)
        command = SubElement(joint, 'command_interface', name='effort')
        _text(command, 'param', -spec.effort, name='min')
        _text(command, 'param', spec.effort, name='max')
        position = SubElement(joint, 'state_interface', name='position')
        _text(position, 'param', spec.default, name='initial_value')
        for name in ('velocity', 'effort'):
            SubElement(joint, 'state_interface', name=name)
    return system


def _system_plugins(robot: RobotSpec, controllers: Path) -> Element:
    extension = Element('gazebo')
    control = SubElement(
        extension,
        'plugin',
        filename='libgz_ros2_control-system.so',
        name='gz_ros2_control::GazeboSimROS2ControlPlugin',
    )
    _text(control, 'parameters', controllers)
    odometry = SubElement(
        extension,
        'plugin',
        filename='gz-sim-odometry-publisher-system',
        name='gz::sim::systems::OdometryPublisher',
    )
    values = {
        'dimensions': 3,
        'odom_frame': 'odom',
        'robot_base_frame': robot.body.base_frame,
        'odom_publish_frequency': ODOMETRY_RATE_HZ,
        'odom_topic': 'odom',
    }
    for tag, value in values.items():
        _text(odometry, tag, value)
    return extension


def _friction(foot: str) -> Element:
    extension = Element('gazebo', reference=foot)
    for tag in ('mu1', 'mu2'):
        _text(extension, tag, _FOOT_FRICTION)
    return extension


def _sensors(robot: RobotSpec) -> Element:
    extension = Element('gazebo', reference=robot.body.base_frame)
    _sensor(extension, 'imu', 'imu', IMU_RATE_HZ, 'imu', robot.body.base_frame)
    if robot.scan is not None:
        _scan(extension, robot.scan, robot.body.base_frame)
    for camera in robot.cameras:
        _camera(extension, camera)
    return extension


def _scan(extension: Element, spec: ScanSpec, frame: str) -> None:
    sensor = _sensor(extension, 'scan', 'gpu_lidar', spec.rate_hz, 'scan', frame)
    _text(sensor, 'pose', _pose(spec.position, 0.0))
    ray = SubElement(sensor, 'ray')
    horizontal = SubElement(SubElement(ray, 'scan'), 'horizontal')
    step = 2.0 * math.pi / spec.rays
    for tag, value in (
        ('samples', spec.rays),
        ('resolution', 1),
        ('min_angle', -math.pi),
        ('max_angle', math.pi - step),
    ):
        _text(horizontal, tag, value)
    reach = SubElement(ray, 'range')
    _text(reach, 'min', spec.range_min_m)
    _text(reach, 'max', spec.range_max_m)


def _camera(extension: Element, spec: CameraSpec) -> None:
    topic = f'camera/{spec.name}/image_raw'
    sensor = _sensor(extension, spec.name, 'camera', spec.rate_hz, topic, spec.name)
    _text(sensor, 'pose', _pose(spec.position, spec.pitch_rad))
    camera = SubElement(sensor, 'camera')
    across = 2.0 * math.atan(math.tan(spec.vertical_fov_rad / 2.0) * spec.width / spec.height)
    _text(camera, 'horizontal_fov', across)
    image = SubElement(camera, 'image')
    for tag, value in (('width', spec.width), ('height', spec.height), ('format', 'R8G8B8')):
        _text(image, tag, value)
    clip = SubElement(camera, 'clip')
    _text(clip, 'near', 0.02)
    _text(clip, 'far', 50.0)
    _text(camera, 'camera_info_topic', f'camera/{spec.name}/camera_info')


def _sensor(
    extension: Element, name: str, kind: str, rate_hz: float, topic: str, frame: str
) -> Element:
    sensor = SubElement(extension, 'sensor', name=name, type=kind)
    values = {'always_on': 1, 'update_rate': rate_hz, 'topic': topic, 'gz_frame_id': frame}
    for tag, value in values.items():
        _text(sensor, tag, value)
    return sensor


def _pose(position: tuple[float, ...], pitch_rad: float) -> str:
    return ' '.join(f'{value:g}' for value in (*position, 0.0, pitch_rad, 0.0))


def _text(parent: Element, tag: str, content: object, **attributes: str) -> None:
    element = SubElement(parent, tag, attributes)
    element.text = f'{content:.6g}' if isinstance(content, float) else str(content)
