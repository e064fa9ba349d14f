# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Puts a description's visual meshes into a MuJoCo model.

MuJoCo reads STL and OBJ but not COLLADA, which most descriptions use: trimesh reads those, and the
vertices go into the model directly, without a file in between.
"""

from xml.etree import ElementTree

import mujoco
import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.sim.description import Description
import trimesh

VISUAL_GROUP = 2
_MAX_FACES = 4000
_GREY = (0.6, 0.6, 0.62, 1.0)


def add_visuals(spec: mujoco.MjSpec, description: Description) -> None:
    """Add every visual mesh of the description to the body of its link."""
    known: dict[str, list[tuple[str, tuple[float, ...]]]] = {}
    for link in ElementTree.fromstring(description.xml).iter('link'):
        body = spec.body(link.attrib['name'])
        for element in link.findall('visual'):
            mesh = element.find('geometry/mesh')
            if mesh is None or body is None:
                continue
            uri = mesh.attrib['filename']
            if uri not in known:
                known[uri] = _add_meshes(spec, description, uri)
            for name, colour in known[uri]:
                _add_geom(body, name, colour, element.find('origin'))


def _add_meshes(
    spec: mujoco.MjSpec, description: Description, uri: str
) -> list[tuple[str, tuple[float, ...]]]:
    """Add the parts of one mesh file; return mesh name and colour of each."""
    path = description.mesh_path(uri)
    scene = trimesh.load(path, force='scene')
    added = []
    for index, part in enumerate(scene.dump()):
        name = f'{path.stem}_{index}'
        spec.add_mesh(
            name=name,
            uservert=np.asarray(part.vertices, dtype=np.float64).ravel(),
            userface=np.asarray(part.faces, dtype=np.int32).ravel(),
            inertia=mujoco.mjtMeshInertia.mjMESH_INERTIA_SHELL,
        )
        added.append((name, _colour(part)))
    return added


def _colour(part: trimesh.Trimesh) -> tuple[float, ...]:
    colour = getattr(getattr(part.visual, 'material', None), 'main_color', None)
    if colour is None:
        return _GREY
    return tuple(float(channel) / 255.0 for channel in colour[:3]) + (1.0,)


def _add_geom(
    body: mujoco.MjsBody,
    mesh: str,
    colour: tuple[float, ...],
    origin: ElementTree.Element | None,
) -> None:
    position, quaternion = _pose(origin)
    body.add_geom(
        type=mujoco.mjtGeom.mjGEOM_MESH,
        meshname=mesh,
        pos=position,
        quat=quaternion,
        rgba=colour,
        contype=0,
        conaffinity=0,
        mass=0.0,
        group=VISUAL_GROUP,
    )


def _pose(origin: ElementTree.Element | None) -> tuple[FloatArray, FloatArray]:
    if origin is None:
        return np.zeros(3), np.array([1.0, 0.0, 0.0, 0.0])
    xyz = np.array([float(part) for part in origin.get('xyz', '0 0 0').split()])
    rpy = [float(part) for part in origin.get('rpy', '0 0 0').split()]
    return xyz, np.asarray(trimesh.transformations.quaternion_from_euler(*rpy, 'sxyz'))
