# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Markers become objects of the scene."""

from types import SimpleNamespace

import numpy as np
from robot_policies.dashboard.objects_layer import CUBE, objects_from_markers


def marker(**changes):
    vector = SimpleNamespace(x=1.0, y=2.0, z=3.0)
    values = {
        'ns': 'red ball',
        'id': 4,
        'type': CUBE,
        'action': 0,
        'pose': SimpleNamespace(
            position=vector, orientation=SimpleNamespace(x=0.0, y=0.0, z=0.0, w=1.0)
        ),
        'scale': vector,
        'color': SimpleNamespace(r=1.0, g=0.5, b=0.0, a=0.9),
        'points': [],
    }
    return SimpleNamespace(**(values | changes))


def test_a_marker_keeps_place_size_and_colour():
    (found,) = objects_from_markers(SimpleNamespace(markers=[marker()]))
    assert found.name == 'red_ball_4'
    np.testing.assert_allclose(found.position, [1, 2, 3])
    assert found.colour == (1.0, 0.5, 0.0, 0.9)


def test_triangles_keep_their_corners():
    corners = [SimpleNamespace(x=float(i), y=0.0, z=0.0) for i in range(3)]
    (found,) = objects_from_markers(SimpleNamespace(markers=[marker(type=11, points=corners)]))
    assert found.points.shape == (3, 3)


def test_deleted_markers_are_not_drawn():
    array = SimpleNamespace(markers=[marker(action=3), marker(action=2), marker()])
    assert len(objects_from_markers(array)) == 1
