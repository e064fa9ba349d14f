# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Which token shows the thing named, and what it says about it."""

import math

import pytest
from robot_policies.networks.grounding import (
    all_fit,
    best_token,
    Grounding,
    LanguageGrounding,
    log_complement,
)
import torch


def grid(rows=4, columns=5):
    shape = (1, rows * columns)
    return Grounding(torch.full(shape, -6.0), torch.zeros(shape), torch.zeros(shape))


def test_the_surest_token_is_taken_with_its_sure_neighbours_only():
    seen = grid()
    for token, logit, bearing in ((6, 4.0, 0.3), (7, 4.0, 0.5), (19, 3.9, -2.0)):
        seen.logit[0, token] = logit
        seen.bearing[0, token] = bearing
    logit, bearing, _ = best_token(seen, columns=5)
    assert logit == 4.0
    assert bearing == pytest.approx(0.4, abs=1e-4)


def test_tokens_at_opposite_edges_are_no_neighbours():
    seen = grid()
    seen.logit[0, 4] = seen.logit[0, 5] = 4.0  # last of the first row, first of the second
    seen.bearing[0, 4], seen.bearing[0, 5] = -0.7, 0.7
    assert best_token(seen, columns=5)[1] == pytest.approx(-0.7, abs=1e-4)


def test_distance_is_in_metres():
    seen = grid()
    seen.logit[0, 3] = 5.0
    seen.log_distance[0, 3] = math.log(2.5)
    assert best_token(seen, columns=5)[2] == pytest.approx(2.5, rel=1e-3)


@pytest.fixture
def head():
    torch.manual_seed(0)
    return LanguageGrounding(token_size=6, vocabulary_size=4, hidden_size=7).requires_grad_(False)


def test_a_sentence_of_one_word_is_that_word(head):
    tokens = torch.randn(2, 9, 6)
    for word in range(4):
        logit = head(tokens, torch.eye(4)[[word, word]]).logit
        torch.testing.assert_close(logit, head.fit(tokens)[..., word], atol=1e-4, rtol=1e-4)


def test_every_word_of_a_sentence_must_fit(head):
    fit = torch.full((1, 2, 4), -5.0)
    fit[0, 0, [0, 2]] = 5.0  # the first token is both
    fit[0, 1, 0] = 5.0  # the second is only one
    words = torch.tensor([[[1.0, 0.0, 1.0, 0.0]]])
    both, one = all_fit(fit, words)[0, 0].exp().tolist()
    assert both > 0.95
    assert one < 0.05


def test_certainty_stays_finite():
    log_share = torch.tensor([0.0, -1e-9, -50.0])
    assert torch.isfinite(log_share - log_complement(log_share)).all()


def test_an_untrained_head_sees_nothing(head):
    assert (head(torch.randn(3, 9, 6), torch.ones(3, 4)).logit < 0.0).all()
