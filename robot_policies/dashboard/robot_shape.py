# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A robot's description as coloured triangles on links, and the poses of its links."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from robot_policies.core.arrays import FloatArray
from robot_policies.core.errors import ConfigError
from robot_policies.core.rotations import rotate
from robot_policies.dashboard.mesh_files import mesh_file
from scipy.spatial.transform import Rotation
import trimesh
import yourdfpy

Colour = tuple[int, int, int]
_GREY: Colour = (150, 152, 158)
_DARKEST = 28
"""Pure black swallows every shade; this is what is drawn in its place."""


@dataclass(frozen=True, eq=False)
class Part:
    """A mesh of one colour, in the frame of its link.

    Attributes:
        vertices: (n, 3) m.
        faces: (m, 3) indices of vertices.
        colour: Red, green, blue, 0 to 255.
    """

    vertices: npt.NDArray[np.float32]
    faces: npt.NDArray[np.uint32]
    colour: Colour


@dataclass(frozen=True, eq=False)
class Link:
    """One link and the joint that carries it.

    Attributes:
        name: Name in the description.
        parent: Name of the link that carries it; empty for the root.
        joint: Name of the joint between them; empty if it cannot move.
        position: (3,) origin of the joint in the parent's frame, m.
        orientation: (4,) (x, y, z, w) of the joint's frame in the parent's, at joint zero.
        axis: (3,) unit axis of the joint in its own frame.
        slides: True if the joint is prismatic.
        parts: Its meshes.
    """

    name: str
    parent: str
    joint: str
    position: FloatArray
    orientation: FloatArray
    axis: FloatArray
    slides: bool
    parts: tuple[Part, ...]

    def pose(self, value: float) -> tuple[FloatArray, FloatArray]:
        """Return position (3,) and orientation (4,) in the parent's frame at a joint value.

        Args:
            value: rad, or m for a prismatic joint.
        """
        if self.slides:
            return self.position + rotate(self.orientation, self.axis * value), self.orientation
        half = 0.5 * value
        turn = np.append(np.sin(half) * self.axis, np.cos(half))
        return self.position, _multiply(self.orientation, turn)


@lru_cache(maxsize=4)
def load_robot_shape(urdf: Path) -> tuple[Link, ...]:
    """Read a description with its visual meshes.

    Args:
        urdf: The description; meshes named `package://…` are looked for beside it.

    Returns:
        The links that carry something visible, directly or further out; parents come first.

    Raises:
        ConfigError: The description or a mesh cannot be read.
    """
    try:
        model = yourdfpy.URDF.load(
            str(urdf),
            filename_handler=lambda fname: str(mesh_file(urdf, fname)),
            build_scene_graph=True,
            load_meshes=True,
        )
    except ConfigError:
        raise
    except Exception as error:  # what a foreign parser raises is not foreseeable
        raise ConfigError(str(urdf), [f'cannot be drawn: {error}']) from error
    parts = _parts_by_link(model)
    joints = {joint.child: joint for joint in model.robot.joints}
    shown = _with_ancestors(parts, {child: joint.parent for child, joint in joints.items()})
    return tuple(
        _link(name, joints.get(name), tuple(parts.get(name, ())))
        for name in _parents_first(model, joints)
        if name in shown
    )


def _parts_by_link(model: yourdfpy.URDF) -> dict[str, list[Part]]:
    """Merge the meshes of each link that have one colour: fewer objects draw faster."""
    graph = model.scene.graph
    found: dict[str, dict[Colour, list[trimesh.Trimesh]]] = {}
    for node in graph.nodes_geometry:
        link = node
        while link not in model.link_map:
            link = graph.transforms.parents[link]
        transform, geometry = graph.get(node, frame_from=link)
        mesh = model.scene.geometry[geometry].copy()
        mesh.apply_transform(transform)
        found.setdefault(link, {}).setdefault(_colour(mesh), []).append(mesh)
    return {
        link: [_part(trimesh.util.concatenate(meshes), colour) for colour, meshes in of.items()]
        for link, of in found.items()
    }


def _part(mesh: Any, colour: Colour) -> Part:  # noqa: ANN401
    vertices = np.asarray(mesh.vertices, dtype=np.float32)
    return Part(vertices, np.asarray(mesh.faces, dtype=np.uint32), colour)


def _colour(mesh: trimesh.Trimesh) -> Colour:
    visual = mesh.visual
    main = getattr(getattr(visual, 'material', visual), 'main_color', None)
    if main is None:
        return _GREY
    red, green, blue = (max(int(channel), _DARKEST) for channel in main[:3])
    return red, green, blue


def _with_ancestors(parts: Mapping[str, Any], parents: Mapping[str, str]) -> set[str]:
    shown: set[str] = set()
    for name in parts:
        link: str | None = name
        while link is not None and link not in shown:
            shown.add(link)
            link = parents.get(link)
    return shown


def _parents_first(model: yourdfpy.URDF, joints: Mapping[str, Any]) -> list[str]:
    depth = {}
    for name in model.link_map:
        link, steps = name, 0
        while link in joints:
            link, steps = joints[link].parent, steps + 1
        depth[name] = steps
    return sorted(depth, key=lambda name: depth[name])


def _link(name: str, joint: Any, parts: tuple[Part, ...]) -> Link:  # noqa: ANN401
    if joint is None:
        upright = np.array([0.0, 0.0, 0.0, 1.0])
        return Link(name, '', '', np.zeros(3), upright, np.array([1.0, 0.0, 0.0]), False, parts)
    origin = np.eye(4) if joint.origin is None else joint.origin
    rotation = Rotation.from_matrix(origin[:3, :3])
    return Link(
        name=name,
        parent=joint.parent,
        joint='' if joint.type == 'fixed' else joint.name,
        position=np.asarray(origin[:3, 3], dtype=np.float64),
        orientation=rotation.as_quat(),
        axis=np.asarray(joint.axis, dtype=np.float64),
        slides=joint.type == 'prismatic',
        parts=parts,
    )


def _multiply(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return the quaternion product a·b, both (x, y, z, w)."""
    vector = a[3] * b[:3] + b[3] * a[:3] + np.cross(a[:3], b[:3])
    return np.append(vector, a[3] * b[3] - a[:3] @ b[:3])
