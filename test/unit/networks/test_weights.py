# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Weights fit exactly or not at all."""

import numpy as np
import pytest
from robot_policies.core.errors import CheckpointError
from robot_policies.networks.normalizer import Normalizer
from robot_policies.networks.weights import load_weights, weights_of
import torch
from torch import nn


def test_what_was_taken_out_goes_back_in():
    first, second = nn.Linear(3, 2), nn.Linear(3, 2)
    load_weights(second, weights_of(first, prefix='head.'), where='test', prefix='head.')
    x = torch.randn(4, 3)
    torch.testing.assert_close(first(x), second(x))
    assert not second.training


def test_everything_wrong_is_listed_at_once():
    tensors = weights_of(nn.Linear(3, 2)) | {'extra': np.zeros(1), 'weight': np.zeros((2, 4))}
    del tensors['bias']
    with pytest.raises(CheckpointError) as caught:
        load_weights(nn.Linear(3, 2), tensors, where='here')
    message = str(caught.value)
    assert 'bias is missing' in message
    assert 'extra is not expected' in message
    assert 'weight has shape (2, 4), expected (2, 3)' in message


def test_a_refused_load_changes_nothing():
    module = nn.Linear(3, 2)
    before = weights_of(module)
    with pytest.raises(CheckpointError):
        load_weights(module, {'weight': np.zeros((2, 3))}, where='here')
    np.testing.assert_array_equal(weights_of(module)['weight'], before['weight'])


def test_normalizing_is_undone_by_denormalizing():
    samples = np.random.default_rng(0).normal([1.0, -5.0], [0.1, 20.0], (100, 2))
    normalizer = Normalizer.fit(samples)
    scaled = normalizer.normalize(samples)
    np.testing.assert_allclose(scaled.std(axis=0), 1.0, rtol=1e-6)
    np.testing.assert_allclose(normalizer.denormalize(scaled), samples)
    again = Normalizer.from_meta(normalizer.as_meta())
    np.testing.assert_array_equal(again.normalize(samples), scaled)


def test_a_constant_component_stays_finite():
    scaled = Normalizer.fit(np.ones((5, 2))).normalize(np.ones((5, 2)))
    assert np.isfinite(scaled).all()


def test_a_scale_of_zero_is_refused():
    with pytest.raises(ValueError, match='positive'):
        Normalizer(np.zeros(2), np.array([1.0, 0.0]))
