# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A strange thing that fills a part of the picture is seen, however usual the rest of it."""

import numpy as np
import pytest
from robot_policies.core.errors import CheckpointError
from robot_policies.core.patch_memory import PatchMemory, remember, usual_and_rare

KINDS = np.random.default_rng(7).standard_normal((3, 6)) * 5.0
"""What the world is made of: floor, wall, sky."""
STRANGE = np.full(6, 30.0)


def picture(seed, count=300):
    rng = np.random.default_rng(seed)
    return KINDS[rng.integers(0, 3, count)] + 0.3 * rng.standard_normal((count, 6))


@pytest.fixture(scope='module')
def tensors():
    tokens = np.concatenate([picture(seed) for seed in range(20)])
    return remember(tokens, tokens, size=200, seed=0)


@pytest.fixture(scope='module')
def memory(tensors):
    return PatchMemory(tensors)


def test_a_thing_in_a_tenth_of_the_picture_is_strange(memory):
    usual = [memory.strangeness(picture(seed)) for seed in range(100, 140)]
    tokens = picture(99)
    tokens[:30] = STRANGE
    assert memory.strangeness(tokens) > 3.0 * max(usual)


def test_how_strange_it_is_does_not_depend_on_how_much_else_there_is(memory):
    tokens = picture(99)
    tokens[:30] = STRANGE
    filled = np.tile(STRANGE, (300, 1))
    assert memory.strangeness(tokens) == pytest.approx(memory.strangeness(filled), rel=1e-6)


def test_one_token_alone_says_little(memory):
    tokens = picture(99)
    tokens[0] = STRANGE
    few = memory.strangeness(tokens)
    tokens[:30] = STRANGE
    assert few < 0.2 * memory.strangeness(tokens)


def test_what_is_rare_is_remembered_too():
    usual = np.concatenate([picture(seed) for seed in range(20)])
    candidates = np.concatenate([usual, STRANGE[None]])
    memory = PatchMemory(remember(usual, candidates, size=200, seed=0))
    assert memory.strangeness(np.tile(STRANGE, (10, 1))) == pytest.approx(0.0, abs=1e-3)


def test_a_kind_of_token_of_which_there_are_three_in_ten_thousand_is_offered():
    tokens = picture(5, count=10_000)
    tokens[[17, 400, 9000]] = STRANGE
    usual, rare = usual_and_rare(tokens, usual=200, rare=50, rng=np.random.default_rng(0))
    assert usual.shape == (200, 6)
    assert rare.shape == (50, 6)
    assert (rare == STRANGE).all(axis=1).any()
    assert not (usual == STRANGE).all(axis=1).any(), 'by chance they are not among those drawn'


def test_a_picture_of_few_tokens_is_judged_by_its_strangest(memory):
    assert memory.strangeness(np.stack([KINDS[0], STRANGE])) > 10.0


def test_a_checkpoint_without_a_memory_is_refused(tensors):
    with pytest.raises(CheckpointError, match=r'memory\.bank is missing'):
        PatchMemory({k: v for k, v in tensors.items() if k != 'memory.bank'})
