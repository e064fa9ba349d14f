# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Lines and words as visualization_msgs/Marker, for rviz2 and whatever else shows markers."""

from geometry_msgs.msg import Point
from robot_policies.core.arrays import FloatArray
from robot_policies.ros.codecs.header import fill_header
from visualization_msgs.msg import Marker

Colour = tuple[float, float, float]
TEXT_HEIGHT_M = 0.12


def line(
    name: str, frame: str, stamp_ns: int, points: FloatArray, colour: Colour, width_m: float
) -> Marker:
    """Return a line through (n, 3) points of `frame`; fewer than two points delete it.

    Args:
        name: Namespace of the marker; a later one of the same name replaces it.
        frame: Frame of the points.
        stamp_ns: When it was true.
        points: m.
        colour: Red, green, blue in [0, 1].
        width_m: Of the line.
    """
    marker = _marker(name, frame, stamp_ns, colour)
    marker.type = Marker.LINE_STRIP
    marker.scale.x = width_m
    if len(points) < 2:
        marker.action = Marker.DELETE
        return marker
    marker.points = [Point(x=x, y=y, z=z) for x, y, z in points.tolist()]
    return marker


def words(
    name: str, frame: str, stamp_ns: int, text: str, height_m: float, colour: Colour
) -> Marker:
    """Return words that float at a height above the origin of `frame`; empty ones delete it."""
    marker = _marker(name, frame, stamp_ns, colour)
    marker.type = Marker.TEXT_VIEW_FACING
    marker.action = Marker.ADD if text else Marker.DELETE
    marker.pose.position.z = height_m
    marker.scale.z = TEXT_HEIGHT_M
    marker.text = text
    return marker


def _marker(name: str, frame: str, stamp_ns: int, colour: Colour) -> Marker:
    marker = Marker()
    fill_header(marker, stamp_ns, frame)
    marker.ns = name
    marker.frame_locked = True  # goes along with its frame between two messages
    marker.pose.orientation.w = 1.0
    marker.color.r, marker.color.g, marker.color.b = colour
    marker.color.a = 1.0
    return marker
