# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""How strange the strangest part of a picture is.

A memory of patches after K. Roth et al., Towards Total Recall in Industrial Anomaly Detection
(PatchCore), 2022: of the nominal tokens those are kept that cover all others, and a picture is as
strange as those of its tokens that lie farthest from any of them. A summary over all tokens does
not see a thing that fills a tenth of the picture.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from robot_policies.core.arrays import FloatArray
from robot_policies.core.nominal_space import farthest_first, fit_space, NominalSpace

_PREFIX = 'memory.'
_SHARE = 0.1
"""Of all tokens so many are judged: one alone may be the sensor's, many are a thing."""


class PatchMemory:
    """The tokens of nominal pictures."""

    def __init__(self, tensors: Mapping[str, npt.NDArray[Any]]) -> None:
        """Take up what `remember` made.

        Args:
            tensors: `memory.mean`, `memory.whitening`, `memory.bank` as in `NominalSpace`.

        Raises:
            CheckpointError: One is missing or does not fit.
        """
        self._space = NominalSpace(tensors, _PREFIX)

    def strangeness(self, tokens: npt.NDArray[np.floating]) -> float:
        """Return the mean distance to the nearest kept token, over the strangest of (t, d).

        Distances are the root mean square, over the whitened directions, of standard deviations.
        """
        distances = self._space.nearest(np.asarray(tokens))
        count = max(1, round(_SHARE * len(distances)))
        return float(np.partition(distances, -count)[-count:].mean())


def remember(
    usual: FloatArray, candidates: FloatArray, *, size: int, seed: int
) -> dict[str, npt.NDArray[Any]]:
    """Choose what is kept.

    Args:
        usual: (n, d) tokens of nominal pictures as often as they come, many more than d: what a
            distance is measured by.
        candidates: (m, d) tokens of nominal pictures, the rare ones among them: what may be kept.
        size: How many are kept.
        seed: Decides with which the choice begins.

    Returns:
        The tensors of a memory.

    Raises:
        ValueError: There are too few tokens.
    """
    space = fit_space(usual, bank=size, seed=seed, candidates=candidates)
    return {_PREFIX + name: tensor for name, tensor in space.items()}


def usual_and_rare(
    tokens: npt.NDArray[np.floating], *, usual: int, rare: int, rng: np.random.Generator
) -> tuple[npt.NDArray[np.floating], npt.NDArray[np.floating]]:
    """Thin out the tokens of one stretch of pictures, for `remember`.

    Args:
        tokens: (n, d).
        usual: How many are drawn as they come.
        rare: How many are chosen such that none of the others is far from them. Things of a rare
            colour are few tokens in a thousand, and a memory without them takes them for strange.
        rng: Draws.

    Returns:
        (usual, d) and (rare, d) tokens.
    """
    drawn = tokens[rng.choice(len(tokens), usual, replace=False)]
    scaled = tokens / (tokens.std(axis=0) + 1e-6)
    return drawn, tokens[farthest_first(scaled, rare, rng)]
