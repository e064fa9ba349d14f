# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What a measurement is to `robot-policies bench`, and how its numbers are put."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Measurement:
    """One thing that is measured.

    Attributes:
        name: What the user types after `--only`.
        help: One line on what it measures.
        run: Measures; True as argument asks for seconds instead of minutes.
    """

    name: str
    help: str
    run: Callable[[bool], dict[str, Any]]


def distribution(values: npt.ArrayLike, unit: str) -> dict[str, float]:
    """Return n, mean, p50, p99 and maximum, with the unit in the keys.

    Args:
        values: Samples; at least one.
        unit: Suffix of the keys, e.g. `ms`.
    """
    array = np.asarray(values, dtype=np.float64)
    if not array.size:
        raise ValueError('no samples to make a distribution of')
    p50, p99 = np.percentile(array, (50.0, 99.0))
    numbers = {'mean': array.mean(), 'p50': p50, 'p99': p99, 'max': array.max()}
    result = {'n': int(array.size)}
    return result | {f'{name}_{unit}': float(value) for name, value in numbers.items()}


def aim(value: float, bound: float, *, at_most: bool = True) -> dict[str, Any]:
    """Return a value beside what is aimed at, and whether it is met."""
    met = value <= bound if at_most else value >= bound
    words = 'at most' if at_most else 'at least'
    return {'value': value, 'aim': f'{words} {bound:g}', 'met': bool(met)}
