# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""One observation for training and robot."""

import numpy as np
from robot_policies.locomotion.proprioception import (
    build_frame,
    build_observation,
    frame_size,
    observation_size,
    push_frame,
)


def _frame(rng: np.random.Generator, *batch: int) -> np.ndarray:
    sizes = (3, 3, 12, 12, 12)
    return build_frame(*(rng.standard_normal((*batch, size)) for size in sizes))


def test_batch_and_single_robot_see_the_same() -> None:
    rng = np.random.default_rng(0)
    frames = np.stack([_frame(rng, 5) for _ in range(3)], axis=1)
    command, clock = rng.standard_normal((5, 3)), rng.standard_normal((5, 2))
    together = build_observation(frames, command, clock)
    for robot in range(5):
        alone = build_observation(frames[robot], command[robot], clock[robot])
        assert np.array_equal(together[robot], alone)


def test_sizes_are_as_announced() -> None:
    rng = np.random.default_rng(0)
    frame = _frame(rng)
    assert frame.shape == (frame_size(12),)
    seen = build_observation(np.stack([frame] * 4), np.zeros(3), np.zeros(2))
    assert seen.shape == (observation_size(12, 4),)


def test_newest_frame_comes_last_and_the_oldest_goes() -> None:
    history = np.arange(6.0).reshape(1, 3, 2)
    pushed = push_frame(history, np.array([[8.0, 9.0]]))
    assert pushed.tolist() == [[[2.0, 3.0], [4.0, 5.0], [8.0, 9.0]]]
