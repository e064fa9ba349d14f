# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Finds in a grid of image tokens what a sentence names.

Every word is a vector that is compared with every token; a token shows the thing named as far as
all words of the sentence fit it. So a sentence that was never seen in training is grounded as well
as its words are. Each token also says in which direction and how far away lies what it shows.
Supervision is dense: every token of every training picture has a known answer for every word.
"""

from dataclasses import dataclass
import math

import torch
from torch import nn


@dataclass(frozen=True)
class Grounding:
    """What every token says about the thing named.

    Attributes:
        logit: (batch, T) log-odds of the token showing it.
        bearing: (batch, T) direction of what it shows, rad, counter-clockwise from forward.
        log_distance: (batch, T) natural logarithm of the distance in m of what it shows.
    """

    logit: torch.Tensor
    bearing: torch.Tensor
    log_distance: torch.Tensor


class LanguageGrounding(nn.Module):
    """Tokens and a sentence in, a `Grounding` out."""

    def __init__(self, *, token_size: int, vocabulary_size: int, hidden_size: int) -> None:
        """Build the head.

        Args:
            token_size: Length of an image token.
            vocabulary_size: Number of known words.
            hidden_size: Length of the vectors in which tokens and words are compared.
        """
        super().__init__()
        self.lift = nn.Sequential(
            nn.Linear(token_size, hidden_size), nn.ReLU(), nn.Linear(hidden_size, hidden_size)
        )
        self.words = nn.Linear(hidden_size, vocabulary_size)
        self.place = nn.Sequential(
            nn.Linear(token_size, hidden_size), nn.ReLU(), nn.Linear(hidden_size, 2)
        )
        # most words do not fit most tokens: start there, or the first steps only learn that
        nn.init.constant_(self.words.bias, -2.0)

    def fit(self, tokens: torch.Tensor) -> torch.Tensor:
        """Return (batch, T, vocabulary) log-odds of each word fitting each token."""
        return torch.as_tensor(self.words(self.lift(tokens)))

    def where(self, tokens: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return (batch, T) bearing (rad) and logarithm of the distance (m) of what is shown."""
        bearing, log_distance = self.place(tokens).unbind(-1)
        return bearing, log_distance + _USUAL_LOG_DISTANCE

    def forward(self, tokens: torch.Tensor, words: torch.Tensor) -> Grounding:
        """Ground one sentence in each picture.

        Args:
            tokens: (batch, T, token_size).
            words: (batch, vocabulary), 1 where the sentence has the word.

        Returns:
            Arrays (batch, T).
        """
        bearing, log_distance = self.where(tokens)
        fit = voted(self.fit(tokens), bearing, log_distance)
        log_share = all_fit(fit, words[:, None])[:, 0]
        return Grounding(log_share - log_complement(log_share), bearing, log_distance)


_USUAL_LOG_DISTANCE = math.log(2.5)
_SAME_BEARING_RAD = 0.08
_SAME_LOG_DISTANCE = 0.2
_SOMETHING = 0.25


def voted(fit: torch.Tensor, bearing: torch.Tensor, log_distance: torch.Tensor) -> torch.Tensor:
    """Let the tokens that point to the same place vote together on what is there.

    A token at the edge of a ball may take it for a box, but all tokens of the ball say where its
    middle is, and together they know better. The idea of voting for a centre is that of Leibe et
    al., "Robust Object Detection with Interleaved Categorization and Segmentation", IJCV 2008.

    Args:
        fit: (batch, T, vocabulary) log-odds of each word.
        bearing: (batch, T) rad.
        log_distance: (batch, T).

    Returns:
        (batch, T, vocabulary), averaged over the tokens that show something at the same place;
        tokens that show nothing keep their own.
    """
    something = torch.sigmoid(fit).amax(-1)  # (batch, T)
    turn = (bearing[:, :, None] - bearing[:, None]) / _SAME_BEARING_RAD
    depth = (log_distance[:, :, None] - log_distance[:, None]) / _SAME_LOG_DISTANCE
    weight = torch.exp(-0.5 * (turn**2 + depth**2)) * something[:, None] ** 2
    mean = weight @ fit / weight.sum(-1, keepdim=True).clamp(min=1e-6)
    return torch.where((something > _SOMETHING)[..., None], mean, fit)


def all_fit(fit: torch.Tensor, words: torch.Tensor) -> torch.Tensor:
    """Return (batch, Q, T) the log-probability that all words of a sentence fit a token.

    Args:
        fit: (batch, T, vocabulary) log-odds of each word.
        words: (batch, Q, vocabulary) 1 where a sentence has the word.
    """
    return torch.einsum('btv,bqv->bqt', nn.functional.logsigmoid(fit), words)


def log_complement(log_probability: torch.Tensor) -> torch.Tensor:
    """Return log(1 − p) for log p, also where p is nearly one."""
    return torch.log(-torch.expm1(log_probability.clamp(max=-1e-6)))


def best_token(grounding: Grounding, *, columns: int) -> tuple[float, float, float]:
    """Return what the token that most surely shows the thing says, and its neighbours with it.

    Args:
        grounding: Of one picture and one sentence, (1, T).
        columns: Tokens per row of the grid.

    Returns:
        Log-odds of the surest token; bearing (rad) and distance (m), averaged over it and those
        of its eight neighbours that are as sure, weighted by their probability.
    """
    logit = grounding.logit[0]
    best = int(logit.argmax())
    index = torch.arange(len(logit))
    is_near = ((index // columns - best // columns).abs() <= 1) & (
        (index % columns - best % columns).abs() <= 1
    )
    weight = torch.sigmoid(logit) * is_near * (logit > logit[best] - 2.0)
    weight = weight / weight.sum()
    bearing = float((weight * grounding.bearing[0]).sum())
    log_distance = float((weight * grounding.log_distance[0]).sum())
    return float(logit[best]), bearing, math.exp(min(log_distance, 4.0))
