# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Reads a robot's URDF and the meshes it names, and measures its links."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import mujoco
import numpy as np
from robot_policies import resources
from robot_policies.core.arrays import FloatArray
from robot_policies.core.errors import ConfigError
from robot_policies.core.robot import RobotSpec
import trimesh


@dataclass(frozen=True)
class Description:
    """A robot's description on disk.

    Attributes:
        path: The URDF.
        xml: The same as text.
    """

    path: Path
    xml: str

    def mesh_path(self, uri: str) -> Path:
        """Return the file that a mesh URI of the URDF names.

        Raises:
            ConfigError: It is not there.
        """
        inside = uri.removeprefix('package://').partition('/')[2]
        for folder in self.path.parents:
            if (folder / inside).is_file():
                return folder / inside
        raise ConfigError(str(self.path), [f'mesh {uri} is not installed beside it'])


def load_description(robot: RobotSpec) -> Description:
    """Find and read the robot's URDF.

    Raises:
        ConfigError: It is not installed.
    """
    path = resources.description_path(robot)
    return Description(path, path.read_text(encoding='utf-8'))


def collision_vertices(description: Description) -> dict[str, FloatArray]:
    """Return link name -> (n, 3) vertices of all its collision meshes in the link's frame, m."""
    found: dict[str, FloatArray] = {}
    for link in ElementTree.fromstring(description.xml).iter('link'):
        clouds = [_collision_points(item, description) for item in link.findall('collision')]
        clouds = [cloud for cloud in clouds if len(cloud)]
        if clouds:
            found[link.attrib['name']] = np.concatenate(clouds)
    return found


def without_shapes(xml: str) -> str:
    """Return the URDF without visuals and collisions: only bodies, inertias and joints."""
    tree = ElementTree.fromstring(xml)
    for link in tree.iter('link'):
        for tag in ('visual', 'collision'):
            for element in link.findall(tag):
                link.remove(element)
    return ElementTree.tostring(tree, encoding='unicode')


def fixed_offset(xml: str, link: str) -> tuple[str, FloatArray]:
    """Return the link that `link` is fixed to and its (3,) origin in that link's frame, m.

    Raises:
        KeyError: No fixed joint carries the link.
    """
    for joint in ElementTree.fromstring(xml).iter('joint'):
        child = joint.find('child')
        parent = joint.find('parent')
        if child is None or parent is None or child.attrib['link'] != link:
            continue
        if joint.attrib.get('type') == 'fixed':
            origin = joint.find('origin')
            return parent.attrib['link'], _numbers('' if origin is None else origin.get('xyz', ''))
    raise KeyError(f'no fixed joint carries link {link!r}')


def pose_of(origin: ElementTree.Element | None) -> tuple[FloatArray, FloatArray]:
    """Return (3,) position and (4,) quaternion (w, x, y, z) of an `<origin>` element."""
    quaternion = np.array([1.0, 0.0, 0.0, 0.0])
    if origin is None:
        return np.zeros(3), quaternion
    # roll, pitch, yaw about fixed axes, as URDF means them
    mujoco.mju_euler2Quat(quaternion, _numbers(origin.get('rpy', '')), 'XYZ')
    return _numbers(origin.get('xyz', '')), quaternion


def _collision_points(element: ElementTree.Element, description: Description) -> FloatArray:
    mesh = element.find('geometry/mesh')
    if mesh is None:
        return np.zeros((0, 3))
    loaded: Any = trimesh.load(description.mesh_path(mesh.attrib['filename']), force='mesh')
    points = np.asarray(loaded.vertices, dtype=np.float64)
    origin = element.find('origin')
    if origin is None:
        return points
    position, quaternion = pose_of(origin)
    turned = np.empty_like(points)
    for i, point in enumerate(points):
        mujoco.mju_rotVecQuat(turned[i], point, quaternion)
    return turned + position


def _numbers(text: str) -> FloatArray:
    return np.array([float(part) for part in text.split()] or [0.0, 0.0, 0.0])
