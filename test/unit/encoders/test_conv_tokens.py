# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The encoder makes tokens of a picture, with its stamp, and of nothing else."""

import numpy as np
import pytest
from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import Image
from robot_policies.core.errors import CheckpointError
from robot_policies.encoders.conv_tokens import ConvTokens, ConvTokensConfig
from robot_policies.resources import load_robot

CONTEXT = PluginContext(robot=load_robot('go2'))


def picture(height=240, width=320, value=None):
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image(77, pixels if value is None else np.full_like(pixels, value))


def test_tokens_carry_the_stamp_of_the_picture():
    features = ConvTokens(ConvTokensConfig(), CONTEXT).encode(picture())
    assert features.stamp_ns == 77
    assert features.tokens.shape == (15 * 20, 48)
    assert np.isfinite(features.tokens).all()


def test_different_pictures_give_different_tokens():
    encoder = ConvTokens(ConvTokensConfig(), CONTEXT)
    assert (
        np.abs(encoder.encode(picture()).tokens - encoder.encode(picture(value=9)).tokens).max()
        > 0
    )


def test_a_larger_picture_of_the_same_scene_gives_the_same_tokens():
    small = picture(120, 160)
    large = Image(77, small.pixels.repeat(2, axis=0).repeat(2, axis=1))
    encoder = ConvTokens(ConvTokensConfig(), CONTEXT)
    np.testing.assert_allclose(
        encoder.encode(small).tokens, encoder.encode(large).tokens, atol=1e-4
    )


def test_a_picture_of_another_shape_is_refused():
    with pytest.raises(ValueError, match='expected 160×120'):
        ConvTokens(ConvTokensConfig(), CONTEXT).encode(picture(240, 240))


def test_foreign_weights_are_refused():
    context = PluginContext(robot=CONTEXT.robot, tensors={'trunk.stray': np.zeros(1)})
    with pytest.raises(CheckpointError, match=r'trunk\.stray is not expected'):
        ConvTokens(ConvTokensConfig(), context)
