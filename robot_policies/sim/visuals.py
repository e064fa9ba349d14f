# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Puts a description's visual meshes into a MuJoCo model.

MuJoCo reads STL and OBJ but not COLLADA, which most descriptions use: trimesh reads those, and the
vertices go into the model directly, without a file in between.
"""

from typing import Any
from xml.etree import ElementTree

import mujoco
import numpy as np
from robot_policies.sim.description import Description, pose_of
import trimesh

VISUAL_GROUP = 2
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
    scene: Any = trimesh.load(path, force='scene')
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
    red, green, blue = (float(channel) / 255.0 for channel in colour[:3])
    return (red, green, blue, 1.0)


def _add_geom(
    body: mujoco.MjsBody,
    mesh: str,
    colour: tuple[float, ...],
    origin: ElementTree.Element | None,
) -> None:
    position, quaternion = pose_of(origin)
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
