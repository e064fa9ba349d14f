# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Finds in a grid of image tokens what a sentence names.

The sentence modulates every token (FiLM); each token then says whether it shows the thing, in
which direction it lies and how far away. This is the text-conditioned detection head of a small
vision-language model, and it is supervised densely: every token of every training picture has a
known answer for every sentence.
"""

from dataclasses import dataclass
import math

from robot_policies.networks.film import Film
import torch
from torch import nn


@dataclass(frozen=True)
class Grounding:
    """What every token says about the thing named.

    Attributes:
        logit: (batch, T) whether the token shows it.
        bearing: (batch, T) its direction, rad, counter-clockwise from forward.
        log_distance: (batch, T) natural logarithm of its distance in m.
    """

    logit: torch.Tensor
    bearing: torch.Tensor
    log_distance: torch.Tensor


class TextEncoder(nn.Module):
    """Turns the words that a sentence comes down to into one vector, whatever their order."""

    def __init__(self, vocabulary_size: int, size: int) -> None:
        """Build the encoder.

        Args:
            vocabulary_size: Number of known words.
            size: Length of the result.
        """
        super().__init__()
        self.embed = nn.Linear(vocabulary_size, size)
        self.mix = nn.Sequential(nn.ReLU(), nn.Linear(size, size), nn.ReLU())

    def forward(self, words: torch.Tensor) -> torch.Tensor:
        """Return (batch, size) for words (batch, vocabulary_size), 1 where a word occurs."""
        return torch.as_tensor(self.mix(self.embed(words)))


class LanguageGrounding(nn.Module):
    """Tokens and a sentence in, a `Grounding` out."""

    def __init__(
        self, *, token_size: int, vocabulary_size: int, text_size: int, hidden_size: int
    ) -> None:
        """Build the head.

        Args:
            token_size: Length of an image token.
            vocabulary_size: Number of known words.
            text_size: Length of the sentence vector.
            hidden_size: Width of the modulated layer.
        """
        super().__init__()
        self.text = TextEncoder(vocabulary_size, text_size)
        self.lift = nn.Linear(token_size, hidden_size)
        self.film = Film(text_size, hidden_size)
        self.answer = nn.Sequential(
            nn.ReLU(), nn.Linear(hidden_size, hidden_size), nn.ReLU(), nn.Linear(hidden_size, 3)
        )
        # most tokens show something else: start there, or the first steps only learn that
        last = self.answer[-1]
        if isinstance(last, nn.Linear):
            nn.init.constant_(last.bias, 0.0)
            with torch.no_grad():
                last.bias[0] = -4.0
                last.bias[2] = math.log(2.5)

    def forward(self, tokens: torch.Tensor, words: torch.Tensor) -> Grounding:
        """Ground sentences in pictures.

        Args:
            tokens: (batch, T, token_size).
            words: (batch, vocabulary_size), or (batch, Q, vocabulary_size) to ask Q sentences
                of each picture at once.

        Returns:
            Arrays (batch, T), or (batch, Q, T).
        """
        text = self.text(words)
        lifted = self.lift(tokens)
        if words.ndim == 3:
            lifted = lifted[:, None]  # (batch, 1, T, hidden)
        answer = self.answer(self.film(lifted, text[..., None, :]))
        return Grounding(answer[..., 0], answer[..., 1], answer[..., 2])


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
