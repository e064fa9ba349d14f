# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Fits a novelty detector to nominal streams, half for its statistics, half for its thresholds.

A threshold is the highest score that lasted, anywhere in the second half, with a margin on top:
an alarm needs a score that lasts, so a single peak does not raise it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
import time
from typing import Any

import numpy as np
import numpy.typing as npt
from robot_policies import resources
from robot_policies.core.arrays import FloatArray
from robot_policies.core.novelty import fit, NoveltyDetector, score_names, WHOLE
from robot_policies.training.progress import Progress
from robot_policies.training.recipe import RecipeOptions

MARGIN = 1.1
LASTING_S = 0.5
"""As long as `slow_after_s` of the reaction: a shorter novelty has no consequence."""
_BANK = 512
_MOST = 60_000


@dataclass(frozen=True, kw_only=True)
class NoveltyRun:
    """What is fitted.

    Attributes:
        name: Of the recipe.
        plugin: `package.module:Class` that the checkpoint names.
        rate_hz: Vectors per second of a stream.
        chunks: How many chunks of streams.
        make: Chunk number -> (k, n, d) vectors of n streams; NaN where a stream has ended.
        config: Configuration of the plugin.
        meta: What else the checkpoint says of itself.
        parts: Name -> length of the parts of a vector that are judged apart; none if not given.
        scores: Names of those that count; all if not given.
        tensors: What else the checkpoint holds.
    """

    name: str
    plugin: str
    rate_hz: float
    chunks: int
    make: Callable[[int], FloatArray]
    config: Mapping[str, Any]
    meta: Mapping[str, Any]
    parts: Mapping[str, int] | None = None
    scores: Sequence[str] | None = None
    tensors: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict)


def run(options: RecipeOptions, task: NoveltyRun) -> None:
    """Make the streams, of which those on disk are kept, fit, and write the checkpoint."""
    chunks = stored(options, 'streams', task.chunks, task.make)
    half = (len(chunks) + 1) // 2
    samples = _flat(chunks[:half], options.seed)
    tensors = fit(samples, bank=_BANK, seed=options.seed, parts=task.parts)
    parts = WHOLE if task.parts is None else tuple(task.parts)
    limits = thresholds(tensors, chunks[half:] or chunks, task.rate_hz, parts)
    limits = {name: limits[name] for name in task.scores or limits}
    hours = sum(np.isfinite(c[..., 0]).sum() for c in chunks) / task.rate_hz / 3600.0
    resources.save_checkpoint(
        options.out_dir,
        plugin=task.plugin,
        robot=resources.load_robot('go2'),
        config=task.config,
        tensors={**tensors, **task.tensors},
        meta={
            'recipe': task.name,
            'seed': options.seed,
            'thresholds': limits,
            'nominal_hours': round(float(hours), 3),
            **({} if task.parts is None else {'parts': list(parts)}),
            **task.meta,
        },
    )


def stored(
    options: RecipeOptions, name: str, count: int, make: Callable[[int], FloatArray]
) -> list[FloatArray]:
    """Return arrays that take long to make, of which those on disk are taken from there.

    Args:
        options: Where they lie, and whether a run is gone on with.
        name: What they are called there.
        count: How many there are.
        make: Makes one by its number.
    """
    options.out_dir.mkdir(parents=True, exist_ok=True)
    progress, started = Progress(options.out_dir, count), time.monotonic()
    arrays = []
    for number in range(count):
        path = options.out_dir / f'{name}_{options.seed}_{number:04d}.npy'
        if not path.is_file() or not options.resume:
            partial = path.with_suffix('.partial')
            with partial.open('wb') as file:
                np.save(file, make(number))
            partial.replace(path)
            progress.report(number + 1, time.monotonic() - started, {name: float(number + 1)})
        arrays.append(np.load(path))
    return arrays


def thresholds(
    tensors: Mapping[str, Any],
    chunks: list[FloatArray],
    rate_hz: float,
    parts: Sequence[str] = WHOLE,
) -> dict[str, float]:
    """Return score name -> threshold: the highest score that lasted anywhere, and a margin.

    Args:
        tensors: Of the detector, as `fit` returns them.
        chunks: (k, n, d) vectors of n streams each, NaN where a stream has ended.
        rate_hz: Vectors per second of a stream.
        parts: Names of the parts of a vector.
    """
    names = score_names(parts)
    detector = NoveltyDetector(tensors, dict.fromkeys(names, 1.0), parts)
    worst = dict.fromkeys(names, 0.0)
    for chunk in chunks:
        for stream in streams(chunk):
            for name, scores in detector.scores(stream).items():
                worst[name] = max(worst[name], lasting(scores, rate_hz))
    return {name: round(MARGIN * value, 4) for name, value in worst.items()}


def streams(chunk: FloatArray) -> list[FloatArray]:
    """Return the (k, d) streams of a chunk without what is NaN; those too short are left out."""
    found = []
    for number in range(chunk.shape[1]):
        stream = chunk[:, number].astype(np.float64)
        stream = stream[np.isfinite(stream).all(axis=1)]
        if len(stream):
            found.append(stream)
    return found


def lasting(scores: FloatArray, rate_hz: float) -> float:
    """Return the highest score that lasted for `LASTING_S` anywhere in a stream."""
    width = max(1, min(round(LASTING_S * rate_hz) + 1, len(scores)))
    windows = np.lib.stride_tricks.sliding_window_view(scores, width)
    return float(windows.min(axis=1).max())


def _flat(chunks: list[FloatArray], seed: int) -> FloatArray:
    samples = np.concatenate([stream for chunk in chunks for stream in streams(chunk)])
    if len(samples) <= _MOST:
        return samples
    return samples[np.random.default_rng(seed).permutation(len(samples))[:_MOST]]
