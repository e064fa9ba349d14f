# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Trains trunk and grounding head on labelled pictures: what is where, and what is it called."""

from collections.abc import Callable
from dataclasses import dataclass
import math
from pathlib import Path
import time

import numpy as np
from robot_policies.networks.conv_trunk import STRIDE
from robot_policies.networks.grounding import all_fit
from robot_policies.training.instruction_pictures import Pictures
from robot_policies.training.instruction_questions import ask, Questions
from robot_policies.training.instruction_seeing import Seeing
from robot_policies.training.instruction_settings import InstructionSettings
from robot_policies.training.state_file import (
    learner_tensors,
    load_state,
    restore_learner,
    save_state,
)
import torch
from torch import nn

_HELD_OUT = 0.04
_WARM_UP = 0.05


@dataclass(frozen=True)
class Stage:
    """A part of the training with pictures of its own.

    Attributes:
        begin: Epochs before it.
        end: Epochs after it.
        peak_rate: Highest learning rate.
        sharpen: See `Seeing.loss`.
    """

    begin: int
    end: int
    peak_rate: float
    sharpen: bool

    def rate(self, epochs: float) -> float:
        """Return the learning rate after so many epochs: warm up, then a cosine down to 1 %."""
        done = (epochs - self.begin) / (self.end - self.begin)
        if done < _WARM_UP:
            return self.peak_rate * (0.1 + 0.9 * done / _WARM_UP)
        fall = 0.5 * (1.0 + math.cos(math.pi * (done - _WARM_UP) / (1.0 - _WARM_UP)))
        return self.peak_rate * (0.01 + 0.99 * fall)


def stages(settings: InstructionSettings) -> tuple[Stage, Stage]:
    """Return the two stages: learning to see, and sharpening that."""
    first, last = settings.grounding_epochs, settings.sharpening_epochs
    return Stage(0, first, 2e-3, False), Stage(first, first + last, 1e-3, True)


@dataclass(frozen=True)
class SeeingScore:
    """How well held-out questions are answered.

    Attributes:
        loss: Training loss.
        found: Share of the visible things that are found.
        imagined: Share of the sentences about nothing visible that find something.
        bearing_error: Mean absolute, rad, of what is found.
        distance_error: Mean relative error of what is found.
    """

    loss: float
    found: float
    imagined: float
    bearing_error: float
    distance_error: float


def train_seeing(
    settings: InstructionSettings,
    stage: Stage,
    pictures: Pictures,
    state_path: Path,
    *,
    seed: int,
    report: Callable[[str, dict[str, float]], None],
) -> Seeing:
    """Train, or go on training, trunk and grounding head through one stage; return them.

    Args:
        settings: Sizes and counts.
        stage: Which part of the training.
        pictures: Its labelled pictures.
        state_path: Where the state is kept after every epoch, and looked for at the start.
        seed: Seed of weights and order.
        report: Called after every epoch with a line and the numbers in it.
    """
    torch.manual_seed(seed)
    seeing = Seeing(settings)
    optimizer = torch.optim.AdamW(seeing.parameters(), lr=stage.peak_rate, weight_decay=1e-4)
    first = stage.begin
    if state_path.is_file():
        tensors, info = load_state(state_path)
        restore_learner(seeing, optimizer, tensors)
        first = int(info['epochs'])
    train, held_out = _split(len(pictures), settings)
    for epoch in range(first, stage.end):
        begin = time.monotonic()
        loss = _run_epoch(seeing, optimizer, pictures, train, settings, stage, epoch, seed)
        score = score_seeing(seeing, pictures, held_out, loss)
        save_state(state_path, learner_tensors(seeing, optimizer), {'epochs': epoch + 1})
        report(
            f'seeing {epoch + 1}/{stage.end}  loss {score.loss:.4f}  '
            f'found {score.found:.3f}  imagined {score.imagined:.3f}  '
            f'bearing {score.bearing_error:.3f} rad  distance {score.distance_error:.0%}  '
            f'{time.monotonic() - begin:.0f} s',
            dict(vars(score)),
        )
    return seeing.eval()


def _run_epoch(
    seeing: Seeing,
    optimizer: torch.optim.Optimizer,
    pictures: Pictures,
    train: np.ndarray,
    settings: InstructionSettings,
    stage: Stage,
    epoch: int,
    seed: int,
) -> float:
    """Pass once over the pictures `train`; return the mean loss."""
    rng = np.random.default_rng((seed, epoch))
    order, size, losses = rng.permutation(train), settings.grounding_batch, []
    steps = max(len(train) // size, 1)
    for step in range(steps):
        for group in optimizer.param_groups:
            group['lr'] = stage.rate(epoch + step / steps)
        batch = np.sort(order[step * size :][:size])
        losses.append(_update(seeing, optimizer, pictures, batch, settings, rng, stage.sharpen))
    return float(np.mean(losses))


def score_seeing(
    seeing: Seeing, pictures: Pictures, index: np.ndarray, loss: float = 0.0
) -> SeeingScore:
    """Ask held-out pictures a fixed set of questions."""
    rng = np.random.default_rng(99)
    seeing.eval()
    found: list[torch.Tensor] = []
    imagined: list[torch.Tensor] = []
    bearings: list[torch.Tensor] = []
    distances: list[torch.Tensor] = []
    with torch.inference_mode():
        for start in range(0, len(index), 64):
            batch = index[start : start + 64]
            questions = ask(pictures, batch, 8, rng)
            tokens = seeing.trunk(_as_input(pictures.pixels[batch]))
            log_share = all_fit(seeing.grounding.fit(tokens), questions.words)
            surest, best = log_share.max(-1)
            is_seen = surest > math.log(0.5)
            is_there = questions.answer.amax(-1) > 0
            is_clear = is_there | (questions.weight.amin(-1) > 0)[:, None]
            is_right = is_seen & (questions.answer.gather(-1, best[..., None])[..., 0] > 0)
            found.append(is_right[is_there].float())
            imagined.append(is_seen[~is_there & is_clear].float())
            bearing, log_distance = seeing.grounding.where(tokens)
            for values, said, truth in (
                (bearings, bearing, questions.bearing),
                (distances, log_distance, questions.log_distance),
            ):
                values.append((said - truth).abs().gather(-1, best)[is_right])
    seeing.train()
    means = [float(torch.cat(v).mean()) for v in (found, imagined, bearings, distances)]
    return SeeingScore(loss, *means)


def _split(count: int, settings: InstructionSettings) -> tuple[np.ndarray, np.ndarray]:
    """Return indices to train on and to judge by; the pictures of a world stay together."""
    worlds = count // settings.pictures_per_world
    held_out = max(int(worlds * _HELD_OUT), 1) * settings.pictures_per_world
    return np.arange(count - held_out), np.arange(count - held_out, count)


def _update(
    seeing: Seeing,
    optimizer: torch.optim.Optimizer,
    pictures: Pictures,
    batch: np.ndarray,
    settings: InstructionSettings,
    rng: np.random.Generator,
    sharpen: bool,
) -> float:
    questions = ask(pictures, batch, settings.queries, rng)
    picture = _jitter(_as_input(pictures.pixels[batch]), rng)
    if rng.random() < 0.5:
        picture, questions = _mirrored(picture, questions, settings)
    loss = seeing.loss(picture, questions, sharpen=sharpen)
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(seeing.parameters(), 1.0)
    optimizer.step()
    return float(loss.detach())


def _as_input(pixels: np.ndarray) -> torch.Tensor:
    """Return (b, 3, h, w) in [0, 1] for (b, h, w, 3) bytes."""
    return torch.from_numpy(pixels).permute(0, 3, 1, 2).to(torch.float32) / 255.0


def _jitter(pictures: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """Change exposure, contrast and white balance a little, in place."""
    count = len(pictures)
    gain = rng.uniform(0.75, 1.25, (count, 1, 1, 1)) * rng.uniform(0.95, 1.05, (count, 3, 1, 1))
    contrast = torch.from_numpy(rng.uniform(0.8, 1.2, (count, 1, 1, 1)).astype(np.float32))
    scale = torch.from_numpy(gain.astype(np.float32))
    mean = pictures[:, :, ::8, ::8].mean(dim=(1, 2, 3), keepdim=True)
    return pictures.mul_(scale * contrast).add_(mean * (1.0 - contrast) * scale).clamp_(0.0, 1.0)


def _mirrored(
    picture: torch.Tensor, questions: Questions, settings: InstructionSettings
) -> tuple[torch.Tensor, Questions]:
    """Return the same as seen in a mirror: left is right."""
    columns = settings.width // STRIDE

    def flip(values: torch.Tensor) -> torch.Tensor:
        return values.reshape(*values.shape[:-1], -1, columns).flip(-1).flatten(-2)

    return picture.flip(-1), Questions(
        words=questions.words,
        answer=flip(questions.answer),
        names=flip(questions.names.transpose(1, 2)).transpose(1, 2),
        weight=flip(questions.weight),
        shown=flip(questions.shown),
        bearing=-flip(questions.bearing),
        log_distance=flip(questions.log_distance),
    )
