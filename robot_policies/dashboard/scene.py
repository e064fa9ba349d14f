# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The 3-D view: the robot in the world that it senses.

Only what changed is sent: a node of the scene costs the browser and the network something each
time it is touched.
"""

from collections.abc import Sequence

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.data_types import ActionChunk, JointState, Odometry, Scan
from robot_policies.core.robot import RobotSpec
from robot_policies.core.rotations import yaw
from robot_policies.dashboard import geometry
from robot_policies.dashboard.objects_layer import ObjectsLayer
from robot_policies.dashboard.robot_shape import Link
import viser

_FREE = np.array([90, 200, 235], dtype=np.uint8)
_SLOW = np.array([250, 176, 5], dtype=np.uint8)
_STOP = np.array([250, 82, 82], dtype=np.uint8)
_PATH = (64, 220, 140)
_TRAIL = (120, 128, 150)
_JOINT_STEP_RAD = 0.002
"""A joint that moved less is not redrawn."""
_TRAIL_STEP_M = 0.05
_TRAIL_POINTS = 600
_GROUND_M = 0.012
_BELOW = np.array([0.0, 0.0, -50.0], dtype=np.float16)
"""Where points go that are not to be seen."""


class Scene:
    """Everything that is drawn in three dimensions."""

    def __init__(
        self,
        server: viser.ViserServer,
        robot: RobotSpec,
        links: Sequence[Link],
    ) -> None:
        """Build the scene.

        Args:
            server: The page's server.
            robot: The robot.
            links: Its shape; empty draws no shape.
        """
        self._scene = server.scene
        self._robot = robot
        self._zones_m = (0.0, 0.0)
        self.follow = True
        self._world = self._scene.add_frame('/world', show_axes=False)
        self._heading = self._scene.add_frame('/world/heading', show_axes=False)
        self._base = self._scene.add_frame('/world/robot', show_axes=False)
        self.objects = ObjectsLayer(server.scene, '/world/objects')
        self._joints: dict[str, tuple[Link, viser.FrameHandle]] = {}
        self._drawn: dict[str, float] = {}
        self._trail: list[tuple[float, float]] = []
        self._add_stage(server)
        self._add_robot(links)
        self._scan = self._scene.add_point_cloud(
            '/world/scan',
            _BELOW.reshape(1, 3),
            _FREE.reshape(1, 3),
            point_size=0.02,
            point_shape='circle',
        )
        self._path = self._line('/world/chunk', _PATH, thickness=5.0)
        self._trail_line = self._line('/world/trail', _TRAIL, thickness=2.0)

    def show_robot(self, odometry: Odometry, joints: JointState | None) -> None:
        """Move the robot; the view goes along if `follow` is set."""
        position = odometry.position
        self._base.position = position
        self._base.wxyz = np.roll(odometry.orientation, 1)
        heading = float(yaw(odometry.orientation))
        self._heading.position = np.array([position[0], position[1], 0.0])
        self._heading.wxyz = np.array([np.cos(heading / 2), 0.0, 0.0, np.sin(heading / 2)])
        centre = np.array([-position[0], -position[1], 0.0]) if self.follow else np.zeros(3)
        self._world.position = centre
        if joints is not None:
            self._show_joints(joints.position)
        self._extend_trail(odometry)

    def show_scan(self, scan: Scan, odometry: Odometry) -> None:
        """Draw what the scan hit, coloured by the zone it lies in."""
        origin = (0.0, 0.0, 0.0) if self._robot.scan is None else self._robot.scan.position
        points = geometry.scan_points(scan, origin)
        distance = geometry.footprint_distance(points, self._robot.body)
        colours = np.tile(_FREE, (len(scan.ranges), 1))
        colours[: len(points)][distance < self._zones_m[1]] = _SLOW
        colours[: len(points)][distance < self._zones_m[0]] = _STOP
        # as many points as rays, always: a browser may get the one change without the other
        drawn = np.tile(_BELOW, (len(scan.ranges), 1))
        drawn[: len(points)] = geometry.to_world(points, odometry)
        self._scan.points = drawn
        self._scan.colors = colours

    def show_chunk(self, chunk: ActionChunk | None, start: Odometry | None) -> None:
        """Draw where the policy's chunk leads, or nothing."""
        if chunk is None or start is None:
            self._path.visible = False
            return
        path = geometry.chunk_path(chunk, start)
        self._path.points = geometry.segments(geometry.at_height(path, 2.0 * _GROUND_M))
        self._path.visible = True

    def show_zones(self, stop_m: float, slow_m: float) -> None:
        """Draw how near is too near: distances from the outline at which it stops and slows."""
        if (stop_m, slow_m) == self._zones_m:
            return
        self._zones_m = (stop_m, slow_m)
        for name, distance, colour in (('stop', stop_m, _STOP), ('slow', slow_m, _SLOW)):
            outline = geometry.zone_outline(self._robot.body, distance)
            self._scene.add_line_segments(
                f'/world/heading/{name}_zone',
                geometry.segments(geometry.at_height(outline, _GROUND_M)),
                colour,
                thickness=2.0,
                thickness_units='screen',
            )

    def forget(self) -> None:
        """Clear the trail and the path, when the world begins anew."""
        self._trail.clear()
        self._trail_line.visible = False
        self._path.visible = False

    def _show_joints(self, positions: FloatArray) -> None:
        for name, value in zip(self._robot.joint_names, positions.tolist(), strict=True):
            entry = self._joints.get(name)
            if entry is None or abs(value - self._drawn.get(name, np.inf)) < _JOINT_STEP_RAD:
                continue
            link, frame = entry
            position, orientation = link.pose(value)
            if link.slides:
                frame.position = position
            else:
                frame.wxyz = np.roll(orientation, 1)
            self._drawn[name] = value

    def _extend_trail(self, odometry: Odometry) -> None:
        point = (float(odometry.position[0]), float(odometry.position[1]))
        if self._trail and np.hypot(*np.subtract(point, self._trail[-1])) < _TRAIL_STEP_M:
            return
        self._trail = [*self._trail[-_TRAIL_POINTS:], point]
        if len(self._trail) > 1:
            line = geometry.at_height(np.array(self._trail), _GROUND_M)
            self._trail_line.points = geometry.segments(line)
            self._trail_line.visible = True

    def _add_stage(self, server: viser.ViserServer) -> None:
        self._scene.set_up_direction('+z')
        self._scene.world_axes.visible = False
        self._scene.configure_default_lights(enabled=True, cast_shadow=True)
        self._scene.add_grid(
            '/world/ground',
            infinite_grid=True,
            cell_size=0.5,
            section_size=1.0,
            cell_color=(48, 52, 60),
            section_color=(70, 76, 88),
            fade_distance=18.0,
            plane_color=(27, 30, 36),
            plane_opacity=1.0,
            shadow_opacity=0.4,
        )
        server.initial_camera.position = (-1.7, -1.25, 1.05)
        server.initial_camera.look_at = (0.2, 0.0, 0.2)

    def _add_robot(self, links: Sequence[Link]) -> None:
        paths = {'': '/world/robot'}
        for link in links:
            paths[link.name] = f'{paths.get(link.parent, "/world/robot")}/{link.name}'
            position, orientation = link.pose(0.0)
            frame = self._scene.add_frame(
                paths[link.name],
                show_axes=False,
                position=position,
                wxyz=np.roll(orientation, 1),
            )
            if link.joint:
                self._joints[link.joint] = (link, frame)
            for index, part in enumerate(link.parts):
                self._scene.add_mesh_simple(
                    f'{paths[link.name]}/part_{index}',
                    part.vertices,
                    part.faces,
                    color=part.colour,
                )
        self._show_joints(self._robot.default_pose)
        self._base.position = np.array([0.0, 0.0, self._robot.body.standing_height_m])

    def _line(
        self, name: str, colour: tuple[int, int, int], thickness: float
    ) -> viser.LineSegmentsHandle:
        return self._scene.add_line_segments(
            name,
            np.zeros((1, 2, 3), dtype=np.float32),
            colour,
            thickness=thickness,
            thickness_units='screen',
            visible=False,
        )
