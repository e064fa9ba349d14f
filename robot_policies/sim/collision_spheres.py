# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Make the sections `links` and `spheres` of a robot's YAML from its description.

Run it as `python -m robot_policies.sim.collision_spheres go2` and put what it prints into the
robot's YAML. Links become the rows of spheres that cover the capsules and boxes which the
simulator fits to the collision meshes.
"""

from collections.abc import Iterator
import sys
from xml.etree import ElementTree

import mujoco
import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.robot import RobotSpec
from robot_policies.resources import load_robot
from robot_policies.sim.description import (
    collision_vertices,
    fixed_offset,
    load_description,
)
from robot_policies.sim.fitted_shape import fit_shape

_SPACING = 1.5
"""Distance of neighbouring centres over the radius: grooves are a third of the radius deep."""


def sections(robot: RobotSpec) -> str:
    """Return the two sections as YAML."""
    description = load_description(robot)
    tree = ElementTree.fromstring(description.xml)
    moved = _moved_by(tree, robot)
    joints = [item for item in tree.iter('joint') if item.attrib['name'] in robot.joint_names]
    lines = ['links:', *(_link_line(joint, moved) for joint in joints), 'spheres:']
    for link, vertices in collision_vertices(description).items():
        if link not in robot.body.feet and link in moved:
            for centre, radius in _covering(vertices):
                lines.append(_sphere_line(moved[link], centre, radius))
    for foot in robot.body.feet:
        parent, offset = fixed_offset(description.xml, foot)
        lines.append(_sphere_line(moved[parent], offset, robot.body.foot_radius_m))
    return '\n'.join(lines)


def _moved_by(tree: ElementTree.Element, robot: RobotSpec) -> dict[str, str]:
    """Return link -> joint that moves it; the base has the empty name."""
    moved = {robot.body.base_frame: ''}
    for joint in tree.iter('joint'):
        child = joint.find('child')
        if joint.attrib['name'] in robot.joint_names and child is not None:
            moved[child.attrib['link']] = joint.attrib['name']
    return moved


def _link_line(joint: ElementTree.Element, moved: dict[str, str]) -> str:
    origin, axis, parent = joint.find('origin'), joint.find('axis'), joint.find('parent')
    assert parent is not None
    assert axis is not None
    carrier = moved[parent.attrib['link']]
    xyz = (origin.get('xyz', '0 0 0') if origin is not None else '0 0 0').split()
    rpy = (origin.get('rpy', '0 0 0') if origin is not None else '0 0 0').split()
    parts = [f'joint: {joint.attrib["name"]}']
    parts += [f'parent: {carrier}'] if carrier else []
    parts.append(f'origin: {_row([float(x) for x in xyz])}')
    parts += [f'rpy: {_row([float(x) for x in rpy])}'] if any(map(float, rpy)) else []
    parts.append(f'axis: {_row([float(x) for x in axis.attrib["xyz"].split()])}')
    return f'  - {{{", ".join(parts)}}}'


def _sphere_line(link: str, centre: FloatArray, radius: float) -> str:
    head = f'link: {link}, ' if link else ''
    return f'  - {{{head}centre: {_row(centre)}, radius_m: {radius:.4f}}}'


def _row(values: FloatArray | list[float]) -> str:
    return f'[{", ".join(f"{round(float(v), 4):g}" for v in values)}]'


def _covering(vertices: FloatArray) -> Iterator[tuple[FloatArray, float]]:
    """Yield centres and radii of spheres on the long axis of the link's fitted shape."""
    kind, size, centre, quaternion = fit_shape(vertices)
    if kind == mujoco.mjtGeom.mjGEOM_BOX:
        axis = int(np.argmax(size))
        direction = np.eye(3)[axis]
        radius = float(np.sort(size)[1])  # the middle one: corners stay outside
        half = float(size[axis]) - radius
    else:
        direction = np.zeros(3)
        mujoco.mju_rotVecQuat(direction, np.array([0.0, 0.0, 1.0]), quaternion)
        radius, half = float(size[0]), float(size[1])
    count = max(int(np.ceil(2.0 * half / (_SPACING * radius))), 0) + 1
    for along in np.linspace(-half, half, count) if count > 1 else [0.0]:
        yield centre + along * direction, radius


def main() -> int:
    """Print the sections for the robot that is named."""
    print(sections(load_robot(sys.argv[1] if len(sys.argv) > 1 else 'go2')))  # noqa: T201
    return 0


if __name__ == '__main__':
    sys.exit(main())
