# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Pictures become tokens; a picture of the wrong shape does not."""

import numpy as np
import pytest
from robot_policies.networks.conv_trunk import ConvTrunk, reduce_picture
import torch


def test_reducing_averages_over_areas():
    pixels = np.zeros((4, 4, 3), dtype=np.uint8)
    pixels[:2, :2, 0] = [[0, 100], [200, 100]]
    reduced = reduce_picture(pixels, height=2, width=2)
    assert float(reduced[0, 0, 0, 0]) == pytest.approx(100.0 / 255.0)
    assert reduced.shape == (1, 3, 2, 2)


def test_a_picture_of_the_right_size_is_only_scaled():
    pixels = np.random.default_rng(0).integers(0, 256, (8, 16, 3), dtype=np.uint8)
    reduced = reduce_picture(pixels, height=8, width=16)
    np.testing.assert_allclose(reduced[0].permute(1, 2, 0).numpy() * 255.0, pixels, atol=1e-3)


@pytest.mark.parametrize('shape', [(240, 240), (60, 80), (120, 161)])
def test_a_picture_of_another_shape_is_refused_not_stretched(shape):
    with pytest.raises(ValueError, match='expected 160×120'):
        reduce_picture(np.zeros((*shape, 3), dtype=np.uint8), height=120, width=160)


def test_tokens_come_row_by_row_and_know_where_they_are():
    torch.manual_seed(0)
    trunk = ConvTrunk(height=32, width=48, channels=(4, 5, 6), size=7).eval()
    assert (trunk.rows, trunk.columns) == (4, 6)
    tokens = trunk(torch.full((2, 3, 32, 48), 0.5))
    assert tokens.shape == (2, 24, 7)
    middle = tokens[0].unflatten(0, (4, 6))[1:3, 2:4]
    assert not torch.allclose(middle[0, 0], middle[1, 1])


def test_something_at_the_top_left_changes_tokens_there_and_none_far_away():
    torch.manual_seed(0)
    trunk = ConvTrunk(height=64, width=128, channels=(4, 8, 8), size=6).eval()
    picture = torch.full((1, 3, 64, 128), 0.5)
    changed = picture.clone()
    changed[..., :8, :8] = 1.0
    change = (trunk(changed) - trunk(picture))[0].abs().sum(-1)
    row, column = divmod(int(change.argmax()), 16)
    assert row < 5
    assert column < 5
    assert not change.unflatten(0, (8, 16))[:, 8:].any()


def test_sizes_that_do_not_divide_are_refused():
    with pytest.raises(ValueError, match='multiples of 8'):
        ConvTrunk(height=30, width=48, channels=(4, 5, 6), size=7)
