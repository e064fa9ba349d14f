# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What the simulator says is there: drawn for the viewer only, and labelled as such."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from robot_policies.core.arrays import FloatArray
import viser

CUBE, SPHERE, CYLINDER, TRIANGLES = 1, 2, 3, 11
"""Marker types of visualization_msgs that are drawn."""
_DELETE, _DELETE_ALL = 2, 3


@dataclass(frozen=True, eq=False)
class WorldObject:
    """One object of the simulated world.

    Attributes:
        name: Namespace and number of its marker, unique.
        kind: One of the marker types above.
        position: (3,) m.
        orientation: (4,) (x, y, z, w).
        scale: (3,) extents, m.
        colour: Red, green, blue, opacity, each in [0, 1].
        points: (3 n, 3) corners of its triangles, for `TRIANGLES` only.
    """

    name: str
    kind: int
    position: FloatArray
    orientation: FloatArray
    scale: FloatArray
    colour: tuple[float, float, float, float]
    points: FloatArray


def objects_from_markers(message: Any) -> tuple[WorldObject, ...]:  # noqa: ANN401
    """Return what a MarkerArray (or anything shaped like one) shows; deletions show nothing."""
    shown = [m for m in message.markers if m.action not in (_DELETE, _DELETE_ALL)]
    return tuple(_object(marker) for marker in shown)


def _object(marker: Any) -> WorldObject:  # noqa: ANN401
    p, q, s, c = marker.pose.position, marker.pose.orientation, marker.scale, marker.color
    points = np.array([(point.x, point.y, point.z) for point in marker.points])
    return WorldObject(
        name=f'{marker.ns}_{marker.id}'.replace('/', '_').replace(' ', '_'),
        kind=int(marker.type),
        position=np.array([p.x, p.y, p.z]),
        orientation=np.array([q.x, q.y, q.z, q.w]),
        scale=np.array([s.x, s.y, s.z]),
        colour=(c.r, c.g, c.b, c.a),
        points=points.reshape(-1, 3),
    )


class ObjectsLayer:
    """The objects as nodes of the scene; they can be hidden as one."""

    def __init__(self, scene: viser.SceneApi, root: str) -> None:
        self._scene = scene
        self._root = root
        self._frame = scene.add_frame(root, show_axes=False)
        self._nodes: list[viser.SceneNodeHandle] = []

    @property
    def visible(self) -> bool:
        """Whether the layer is drawn."""
        return bool(self._frame.visible)

    @visible.setter
    def visible(self, visible: bool) -> None:
        self._frame.visible = visible

    def show(self, objects: Sequence[WorldObject]) -> None:
        """Draw these objects in the place of those before."""
        for node in self._nodes:
            node.remove()
        self._nodes = list(self._add_all(objects))

    def _add_all(self, objects: Iterable[WorldObject]) -> Iterable[viser.SceneNodeHandle]:
        for item in objects:
            node = self._add(item)
            if node is not None:
                yield node

    def _add(self, item: WorldObject) -> viser.SceneNodeHandle | None:
        common: dict[str, Any] = {
            'name': f'{self._root}/{item.name}',
            'position': item.position,
            'wxyz': np.roll(item.orientation, 1),
            'color': tuple(round(255 * channel) for channel in item.colour[:3]),
            'opacity': item.colour[3] if item.colour[3] < 1.0 else None,
        }
        if item.kind == CUBE:
            return self._scene.add_box(dimensions=tuple(item.scale), **common)
        if item.kind == SPHERE:
            return self._scene.add_icosphere(
                radius=1.0, subdivisions=3, scale=tuple(item.scale / 2), **common
            )
        if item.kind == CYLINDER:
            stretch = (item.scale[0] / 2, item.scale[1] / 2, item.scale[2])
            return self._scene.add_cylinder(radius=1.0, height=1.0, scale=stretch, **common)
        if item.kind == TRIANGLES and len(item.points):
            faces = np.arange(len(item.points), dtype=np.uint32).reshape(-1, 3)
            return self._scene.add_mesh_simple(
                vertices=item.points.astype(np.float32),
                faces=faces,
                side='double',
                scale=tuple(item.scale),
                **common,
            )
        return None
