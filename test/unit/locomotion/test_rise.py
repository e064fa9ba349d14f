# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Rising from any pose before walking."""

import numpy as np
import pytest
from robot_policies.locomotion.rise import Rise

_DEFAULT = np.array([0.0, 0.8, -1.5])


def test_standing_robot_walks_at_once() -> None:
    assert Rise(_DEFAULT, 1.0).step(_DEFAULT + 0.2, 0.02) is None


def test_lying_robot_is_led_from_where_it_is_to_the_default_pose() -> None:
    lying = np.array([0.3, 1.4, -2.7])
    rise = Rise(_DEFAULT, 1.0)
    targets = [rise.step(lying, 0.02) for _ in range(50)]
    assert all(target is not None for target in targets)
    path = np.array(targets)
    assert np.abs(path[0] - lying).max() < 0.05
    assert path[-1] == pytest.approx(_DEFAULT)
    assert np.abs(np.diff(path, axis=0)).max() < 0.05
    assert rise.step(_DEFAULT, 0.02) is None
