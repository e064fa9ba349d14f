# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The symmetric network and the mirrors it rests on."""

import numpy as np
from robot_policies.locomotion.dense import DenseNetwork
from robot_policies.training.mirrored_mlp import MirroredMlp
from robot_policies.training.velocity_mirror import (
    action_mirror,
    actor_mirror,
    critic_mirror,
    Mirror,
)
import torch

_HISTORY = 2


def _network() -> MirroredMlp:
    torch.manual_seed(0)
    network = MirroredMlp(actor_mirror(_HISTORY), action_mirror(), (32, 16), output_gain=1.0)
    for parameter in network.parameters():  # biases too, which start at zero
        torch.nn.init.normal_(parameter, std=0.3)
    return network


def test_mirrors_undo_themselves() -> None:
    rng = np.random.default_rng(0)
    for mirror in (action_mirror(), actor_mirror(_HISTORY), critic_mirror()):
        values = rng.standard_normal(len(mirror.order))
        assert np.array_equal(mirror(mirror(values)), values)
        assert not np.array_equal(mirror(values), values)


def test_mirror_swaps_legs_and_turns_hips() -> None:
    front_left_hip = np.eye(12)[0]
    assert np.array_equal(action_mirror()(front_left_hip), -np.eye(12)[3])
    rear_right_calf = np.eye(12)[11]
    assert np.array_equal(action_mirror()(rear_right_calf), np.eye(12)[8])


def test_mirrored_input_gives_mirrored_output() -> None:
    network, mirror = _network(), actor_mirror(_HISTORY)
    x = np.random.default_rng(1).standard_normal((7, len(mirror.order)))
    with torch.no_grad():
        straight = network(torch.as_tensor(x, dtype=torch.float32)).numpy()
        turned = network(torch.as_tensor(mirror(x), dtype=torch.float32)).numpy()
    assert np.allclose(turned, action_mirror()(straight), atol=1e-5)


def test_scalar_output_does_not_see_the_mirror() -> None:
    mirror = critic_mirror()
    scalar = Mirror(np.array([0]), np.array([1.0]))
    critic = MirroredMlp(mirror, scalar, (32, 16), output_gain=1.0)
    x = np.random.default_rng(1).standard_normal((5, len(mirror.order)))
    with torch.no_grad():
        straight = critic(torch.as_tensor(x, dtype=torch.float32))
        turned = critic(torch.as_tensor(mirror(x), dtype=torch.float32))
    assert torch.allclose(straight, turned, atol=1e-5)


def test_written_out_it_is_the_plain_network_that_the_robot_runs() -> None:
    network = _network()
    tensors = {
        f'{name}{index}': values.detach().numpy()
        for index, layer in enumerate(network.dense())
        for name, values in zip(('weight', 'bias'), layer, strict=True)
    }
    x = np.random.default_rng(2).standard_normal((3, len(actor_mirror(_HISTORY).order)))
    with torch.no_grad():
        trained = network(torch.as_tensor(x, dtype=torch.float32)).numpy()
    assert np.allclose(DenseNetwork(tensors)(x), trained, atol=1e-5)
