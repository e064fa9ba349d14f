# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The path of a run from above, with what stands there and where each instruction led."""

from typing import Any, TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.patches import Circle, Patch, Polygon, Rectangle
import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.robot import BodySpec, RobotSpec
from robot_policies.evaluation.run_summary_data import RunData, with_ends
from robot_policies.evaluation.run_summary_scene import world_of
from robot_policies.sim.planar import footprint_corners, Outline
from robot_policies.sim.vocabulary import COLOURS
from robot_policies.sim.world import World

if TYPE_CHECKING:
    from robot_policies.evaluation.run_summary import RunSummary

INK = '#2b2b2b'
MUTED = '#6f6f6f'
PALETTE = ('#2f6fb2', '#c4542d', '#3b8f56', '#8a5bb0', '#b58a1b', '#2a9aa0')
_OBSTACLE = '#b9b5ae'


def draw_map(axes: Axes, data: RunData, summary: 'RunSummary', robot: RobotSpec) -> None:
    """Draw the path with everything around it.

    Args:
        axes: Where to.
        data: What was recorded.
        summary: The numbers about it.
        robot: Whose footprint is drawn.
    """
    axes.set_aspect('equal', anchor='N')
    axes.grid(visible=True, color='#efefef', lw=0.8)
    axes.set_axisbelow(True)
    axes.set_xlabel('x  m')
    axes.set_ylabel('y  m')
    world = world_of(data)
    if world is None:
        _draw_scans(axes, data)
        _draw_markers(axes, data)
    else:
        _draw_world(axes, world)
    _draw_path(axes, data, robot.body)
    _draw_legend(axes, summary)


def _draw_world(axes: Axes, world: World) -> None:
    size = np.array([world.length_m, world.width_m])
    if world.wall_height_m > 0.0:
        room = Rectangle(tuple(-size / 2.0), *size, fill=False, ec='#8d8d8d', lw=3.0)
        axes.add_patch(room)
    for patch in world.patches:
        half = np.array(patch.half_size_m)
        corner = np.array(patch.centre[:2]) - half
        axes.add_patch(Rectangle(tuple(corner), *(2.0 * half), fc='#ece7dc', ec='none'))
    for obstacle in world.obstacles:
        axes.add_patch(_shape(obstacle.outline, _OBSTACLE))
    for item in world.objects:
        axes.add_patch(_shape(item.outline, COLOURS[item.colour]))
        _label(axes, item.x_m, item.y_m - item.radius_m, f'{item.colour} {item.shape}')
    axes.set_xlim(-size[0] / 2 - 0.2, size[0] / 2 + 0.2)
    axes.set_ylim(-size[1] / 2 - 0.2, size[1] / 2 + 0.2)


def _draw_markers(axes: Axes, data: RunData) -> None:
    for marker in data.markers:
        half = 0.0 if marker.round else marker.size[0] / 2.0, marker.size[1] / 2.0
        outline = Outline(marker.x, marker.y, max(marker.size) / 2.0, marker.yaw, *half)
        axes.add_patch(_shape(outline, marker.colour))
        if marker.name not in ('wall', 'pillar', 'crate', 'uneven ground'):
            _label(axes, marker.x, marker.y - max(marker.size) / 2.0, marker.name)


def _draw_scans(axes: Axes, data: RunData) -> None:
    """Every scan point at the place where it was seen: what the robot knows of its world."""
    if data.scans is None or not len(data.motion):
        return
    pose = data.motion.at(data.scans.time_ns)
    directions = data.scans.angles + pose[:, 3:4]
    x = pose[:, :1] + data.scans.ranges * np.cos(directions)
    y = pose[:, 1:2] + data.scans.ranges * np.sin(directions)
    seen = np.isfinite(data.scans.ranges)
    seen[:, 1::2] = False
    axes.scatter(x[seen], y[seen], s=0.6, color='#a9b4c0', alpha=0.12, lw=0, rasterized=True)


def _shape(outline: Outline, colour: tuple[float, float, float] | str) -> Patch:
    style: dict[str, Any] = {'fc': colour, 'ec': '#00000055', 'lw': 0.8, 'zorder': 2}
    if outline.half_x_m == 0.0:
        return Circle((outline.x_m, outline.y_m), outline.radius_m, **style)
    half = np.array([outline.half_x_m, outline.half_y_m])
    signs = np.array([[1, 1], [1, -1], [-1, -1], [-1, 1]])
    cos, sin = np.cos(outline.yaw_rad), np.sin(outline.yaw_rad)
    centre = np.array([outline.x_m, outline.y_m])
    corners = centre + (signs * half) @ np.array([[cos, sin], [-sin, cos]])
    return Polygon(corners, closed=True, **style)


def _label(axes: Axes, x: float, y: float, text: str) -> None:
    axes.text(x, y - 0.06, text, ha='center', va='top', fontsize=8, color=MUTED, zorder=3)


def _draw_path(axes: Axes, data: RunData, body: BodySpec) -> None:
    if not len(data.motion):
        return
    path = data.motion.values
    axes.plot(path[:, 0], path[:, 1], color='#9a9a9a', lw=1.6, zorder=4)
    axes.plot(*path[0, :2], 'o', ms=7, mfc='white', mec=INK, zorder=6)
    number = 0
    for said, end_ns in with_ends(data.instructions, data.end_ns):
        if not said.text:
            continue
        colour = PALETTE[number % len(PALETTE)]
        number += 1
        inside = (data.motion.time_ns >= said.time_ns) & (data.motion.time_ns <= end_ns)
        if inside.any():
            axes.plot(*path[inside, :2].T, color=colour, lw=2.4, zorder=5, solid_capstyle='round')
            _draw_robot(axes, path[inside][-1], body, colour)
            x, y = path[inside][0, :2]
            axes.text(
                x,
                y,
                f'{number}',
                color='white',
                fontsize=8,
                weight='bold',
                ha='center',
                va='center',
                zorder=8,
                bbox={'boxstyle': 'circle', 'fc': colour, 'lw': 0},
            )
    if not number:
        _draw_robot(axes, path[-1], body, '#6f6f6f')


def _draw_robot(axes: Axes, pose: FloatArray, body: BodySpec, colour: str) -> None:
    x, y, yaw = pose[0], pose[1], pose[3]
    corners = footprint_corners(x, y, yaw, body)
    axes.add_patch(Polygon(corners, closed=True, fc=colour, alpha=0.25, lw=0, zorder=6))
    axes.add_patch(Polygon(corners, closed=True, fill=False, ec=colour, lw=1.3, zorder=7))
    nose = np.array([np.cos(yaw), np.sin(yaw)]) * body.footprint_front_m
    axes.plot([x, x + nose[0]], [y, y + nose[1]], color=colour, lw=1.6, zorder=7)


def _draw_legend(axes: Axes, summary: 'RunSummary') -> None:
    for number, result in enumerate(summary.instructions):
        when = '' if result.time_s is None else f' in {result.time_s:.1f} s'
        text = f'{number + 1}  “{result.text}”  {result.outcome}{when}'
        axes.text(
            0.0,
            -0.11 - 0.042 * number,
            text,
            transform=axes.transAxes,
            fontsize=9.5,
            color=PALETTE[number % len(PALETTE)],
            va='top',
        )
