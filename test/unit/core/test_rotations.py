# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Rotations against scipy's and against what one sees."""

import numpy as np
import pytest
from robot_policies.core import rotations
from scipy.spatial.transform import Rotation

RANDOM = Rotation.random(200, random_state=1)
QUATERNIONS = RANDOM.as_quat()  # (x, y, z, w), as ours
VECTORS = np.random.default_rng(2).normal(size=(200, 3))


def test_rotating_agrees_with_scipy_on_batches_and_on_single_ones():
    np.testing.assert_allclose(rotations.rotate(QUATERNIONS, VECTORS), RANDOM.apply(VECTORS))
    inverse = rotations.rotate_inverse(QUATERNIONS, VECTORS)
    np.testing.assert_allclose(inverse, RANDOM.inv().apply(VECTORS))
    np.testing.assert_allclose(
        rotations.rotate(QUATERNIONS[0], VECTORS[0]), RANDOM[0].apply(VECTORS[0])
    )


def test_gravity_points_down_when_upright_and_forward_when_on_its_nose():
    np.testing.assert_allclose(rotations.projected_gravity(np.array([0, 0, 0, 1.0])), [0, 0, -1])
    nose_down = Rotation.from_euler('y', 90, degrees=True).as_quat()
    np.testing.assert_allclose(rotations.projected_gravity(nose_down), [1, 0, 0], atol=1e-12)


@pytest.mark.parametrize('axis', ['x', 'y'])
@pytest.mark.parametrize('degrees', [0, 10, -45, 90, 179])
def test_tilt_is_the_angle_whatever_the_heading(axis, degrees):
    turned = Rotation.from_euler('z', 77, degrees=True) * Rotation.from_euler(
        axis, degrees, degrees=True
    )
    assert rotations.tilt(turned.as_quat()) == pytest.approx(np.deg2rad(abs(degrees)), abs=1e-7)


@pytest.mark.parametrize('degrees', [0, 30, -120, 179])
def test_yaw_is_the_heading(degrees):
    quaternion = Rotation.from_euler('z', degrees, degrees=True).as_quat()
    assert rotations.yaw(quaternion) == pytest.approx(np.deg2rad(degrees))


def test_wrap_keeps_the_direction():
    angles = np.linspace(-20, 20, 401)
    wrapped = rotations.wrap(angles)
    assert (wrapped >= -np.pi).all()
    assert (wrapped < np.pi).all()
    np.testing.assert_allclose(np.cos(wrapped), np.cos(angles), atol=1e-12)
    np.testing.assert_allclose(np.sin(wrapped), np.sin(angles), atol=1e-12)
