# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Finds a robot's URDF and the meshes it names, and measures its links.

The description packages of PyPI (`example-robot-data`) install below a `cmeel.prefix` and not as
Python modules, those of ROS below a prefix of `AMENT_PREFIX_PATH`: both are looked through.
"""

from collections.abc import Iterator
from dataclasses import dataclass
import os
from pathlib import Path
import sys
from xml.etree import ElementTree

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.errors import ConfigError
from robot_policies.core.robot import DescriptionSpec
import trimesh


@dataclass(frozen=True)
class Description:
    """A robot's description on disk.

    Attributes:
        root: Share folder of the description package: what `package://<name>` stands for.
        xml: The URDF as text.
        package: Name of the package.
    """

    root: Path
    xml: str
    package: str

    def mesh_path(self, uri: str) -> Path:
        """Return the file that a mesh URI of the URDF names."""
        return self.root / uri.removeprefix(f'package://{self.package}').lstrip('/')


def load_description(spec: DescriptionSpec) -> Description:
    """Find and read the URDF that `spec` names.

    Raises:
        ConfigError: It is in none of the places where packages install descriptions.
    """
    candidates = list(_share_folders(spec.package))
    for root in candidates:
        path = root / spec.urdf
        if path.is_file():
            return Description(root, path.read_text(encoding='utf-8'), spec.package)
    looked = ', '.join(str(root) for root in candidates)
    problem = (
        f'{spec.urdf} of package {spec.package} not found, looked in {looked}; '
        f'`pip install {spec.package}` brings it'
    )
    raise ConfigError('description', [problem])


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


def _share_folders(package: str) -> Iterator[Path]:
    prefixes = [Path(entry) / 'cmeel.prefix' for entry in sys.path if entry]
    prefixes += [
        Path(entry) for entry in os.environ.get('AMENT_PREFIX_PATH', '').split(':') if entry
    ]
    prefixes.append(Path(sys.prefix))
    for prefix in prefixes:
        root = prefix / 'share' / package
        if root.is_dir():
            yield root


def _collision_points(element: ElementTree.Element, description: Description) -> FloatArray:
    mesh = element.find('geometry/mesh')
    if mesh is None:
        return np.zeros((0, 3))
    loaded = trimesh.load(description.mesh_path(mesh.attrib['filename']), force='mesh')
    points = np.asarray(loaded.vertices, dtype=np.float64)
    origin = element.find('origin')
    if origin is None:
        return points
    transform = trimesh.transformations.euler_matrix(*_numbers(origin.get('rpy', '')), 'sxyz')
    return np.asarray(points @ transform[:3, :3].T + _numbers(origin.get('xyz', '')))


def _numbers(text: str) -> FloatArray:
    return np.array([float(part) for part in text.split()] or [0.0, 0.0, 0.0])
