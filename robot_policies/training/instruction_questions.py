# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Sentences about labelled pictures, and the right answer of every token to each."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from robot_policies.training.instruction_pictures import MOST_OBJECTS, Pictures, WORDS
import torch

_SLOTS = np.array([(1, 1, 1), (0, 1, 1), (0, 1, 1), (1, 1, 0), (0, 1, 0), (1, 0, 1), (0, 0, 1)])
"""Which of size, colour, shape a sentence names."""
_SLOT_ODDS = np.array([0.30, 0.20, 0.20, 0.06, 0.10, 0.06, 0.08])
_FIRST_WORD = np.array([0, 2, 9])
_KINDS = np.array([2, 7, 4])
_SURELY = 60
"""Tokens covered by this many 255ths show the thing; by none they do not; between is unclear."""
_FULL = 4.0
_EMPTY = 1.0 / 40.0


@dataclass(frozen=True, eq=False)
class Questions:
    """What b pictures show, and q sentences for each of them.

    Attributes:
        words: (b, q, vocabulary) the sentences.
        answer: (b, q, T) 1 where a token shows what a sentence names.
        names: (b, T, vocabulary) every word that fits what a token shows.
        weight: (b, T) how much a token counts: little where nothing is, nothing where it is
            unclear, and those of a thing together about the same whatever its size.
        shown: (b, T) 1 where a token shows a thing.
        bearing: (b, T) direction of that thing, rad.
        log_distance: (b, T) logarithm of its distance, m.
    """

    words: torch.Tensor
    answer: torch.Tensor
    names: torch.Tensor
    weight: torch.Tensor
    shown: torch.Tensor
    bearing: torch.Tensor
    log_distance: torch.Tensor


def ask(
    pictures: Pictures, index: npt.NDArray[np.intp], count: int, rng: np.random.Generator
) -> Questions:
    """Make up sentences: about things in the picture, about their doubles, about others.

    Args:
        pictures: The labelled pictures.
        index: (b,) which of them.
        count: Sentences for each.
        rng: Source of randomness.
    """
    kind = pictures.kind[index].astype(int)  # (b, m, 3)
    cover = pictures.cover[index]  # (b, m, T)
    named = _draw_kinds(kind, cover, count, rng)  # (b, q, 3), −1 where not named
    return answers(kind, cover, pictures.bearing[index], pictures.distance[index], named)


def answers(
    kind: npt.NDArray[np.int_],
    cover: npt.NDArray[np.uint8],
    bearing: npt.NDArray[np.float32],
    distance: npt.NDArray[np.float32],
    named: npt.NDArray[np.int_],
) -> Questions:
    """Return the right answers to sentences that name kinds (b, q, 3), −1 where not named."""
    row = np.arange(len(kind))[:, None]
    most = cover.argmax(1)  # (b, T) the thing that covers most of each token
    share = cover.max(1)
    shown = share >= _SURELY
    same = (named[:, :, None] == kind[:, None]) | (named[:, :, None] < 0)
    is_meant = same.all(-1) & (kind[:, None, :, 0] >= 0)  # (b, q, m)
    answer = is_meant[row[..., None], np.arange(named.shape[1])[:, None], most[:, None]]
    words = np.zeros((*named.shape[:2], len(WORDS)), dtype=np.float32)
    for slot in range(3):
        b, q = np.nonzero(named[..., slot] >= 0)
        words[b, q, _FIRST_WORD[slot] + named[b, q, slot]] = 1.0
    size = (shown[:, None] & (most[:, None] == np.arange(MOST_OBJECTS)[:, None])).sum(-1)
    weight = np.where(shown, _FULL / (_FULL + size[row, most]), np.where(share == 0, _EMPTY, 0.0))
    return Questions(
        words=torch.from_numpy(words),
        answer=torch.from_numpy((answer & shown[:, None]).astype(np.float32)),
        names=torch.from_numpy(_names(kind, most, shown)),
        weight=torch.from_numpy(weight.astype(np.float32)),
        shown=torch.from_numpy(shown.astype(np.float32)),
        bearing=torch.from_numpy(bearing[row, most]),
        log_distance=torch.from_numpy(np.log(np.maximum(distance[row, most], 0.1))),
    )


def _names(
    kind: npt.NDArray[np.int_], most: npt.NDArray[np.intp], shown: npt.NDArray[np.bool_]
) -> npt.NDArray[np.float32]:
    """Return (b, T, vocabulary) 1 for every word that fits what a token shows."""
    word = kind[np.arange(len(kind))[:, None], most] + _FIRST_WORD  # (b, T, 3)
    names = np.zeros((*most.shape, len(WORDS)), dtype=np.float32)
    picture, token = np.nonzero(shown)
    for slot in range(3):
        names[picture, token, word[picture, token, slot]] = 1.0
    return names


def _draw_kinds(
    kind: npt.NDArray[np.int_], cover: npt.NDArray[np.uint8], count: int, rng: np.random.Generator
) -> npt.NDArray[np.int_]:
    """Return (b, q, 3) kinds to name: half of things in view, the rest near misses and others."""
    b = len(kind)
    weight = (kind[..., 0] >= 0) * (0.1 + (cover.max(-1) >= _SURELY))  # (b, m)
    order = rng.random((b, count, MOST_OBJECTS)) ** (1.0 / np.maximum(weight, 1e-9)[:, None])
    chosen = order.argmax(-1)  # weighted choice (Efraimidis and Spirakis)
    named = kind[np.arange(b)[:, None], chosen].copy()
    other = rng.integers(_KINDS, size=(b, count, 3))
    fate = rng.random((b, count))
    slot = rng.integers(3, size=(b, count))
    swap = (fate > 0.5)[..., None] & (np.arange(3) == slot[..., None])  # a double
    named = np.where(swap | (fate > 0.85)[..., None], other, named)
    mask = _SLOTS[rng.choice(len(_SLOTS), size=(b, count), p=_SLOT_ODDS)]
    return np.where(mask == 1, named, -1)
