# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What a picture is like: every token counts, and so does the light."""

import numpy as np
import pytest
from robot_policies.core.patch_memory import PatchMemory, remember
from robot_policies.core.picture_summary import (
    light_summary,
    picture_parts,
    picture_summary,
    token_summary,
)

RNG = np.random.default_rng(0)


def test_one_strange_token_of_many_changes_the_summary():
    tokens = RNG.standard_normal((300, 8)).astype(np.float32)
    strange = tokens.copy()
    strange[17, 3] = 40.0
    assert np.abs(token_summary(strange) - token_summary(tokens)).max() > 30.0


def test_the_parts_are_as_long_as_the_summary():
    tokens = RNG.standard_normal((300, 8)).astype(np.float32)
    nominal = RNG.standard_normal((300, 8))
    memory = PatchMemory(remember(nominal, nominal, size=64, seed=0))
    summary = picture_summary(np.zeros((12, 16, 3), np.uint8), tokens, memory)
    assert len(summary) == sum(picture_parts(8).values())
    np.testing.assert_array_equal(summary[:24], token_summary(tokens))
    assert summary[-1] == memory.strangeness(tokens)


def test_half_the_light_is_as_much_of_a_change_in_a_bright_picture_as_in_a_dim_one():
    bright = RNG.integers(100, 250, (60, 80, 3)).astype(np.uint8)
    dim, dimmer = bright // 2, bright // 4
    first = light_summary(bright) - light_summary(dim)
    second = light_summary(dim) - light_summary(dimmer)
    assert (first > 0.5).all()
    np.testing.assert_allclose(first, second, atol=0.15)


def test_haze_shows_though_the_mean_light_stays():
    clear = RNG.integers(0, 250, (60, 80, 3)).astype(np.uint8)
    haze = (clear.mean() + 0.2 * (clear - clear.mean())).astype(np.uint8)
    change = light_summary(haze) - light_summary(clear)
    assert abs(change[1]) < 0.1
    assert change[-1] < -1.0


def test_what_colour_a_thing_has_is_not_its_light():
    grey = RNG.integers(0, 250, (60, 80, 3)).astype(np.uint8)
    np.testing.assert_allclose(light_summary(grey[..., [2, 0, 1]]), light_summary(grey))


@pytest.mark.parametrize('size', [(480, 640), (1080, 1920)])
def test_a_large_picture_is_judged_like_a_small_one_of_the_same(size):
    small = RNG.integers(0, 250, (60, 80, 3)).astype(np.uint8)
    rows, columns = (
        np.linspace(0, n - 1e-3, m).astype(int) for n, m in zip((60, 80), size, strict=True)
    )
    large = small[rows][:, columns]
    np.testing.assert_allclose(light_summary(large)[:3], light_summary(small)[:3], atol=0.1)
