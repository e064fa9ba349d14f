# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Evaluates a small trained perceptron with numpy: no learning framework in the control loop."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from robot_policies.core.arrays import FloatArray
from robot_policies.core.errors import CheckpointError


class DenseNetwork:
    """Linear layers with ELU in between, from tensors `weight0`, `bias0`, `weight1`, and so on."""

    def __init__(self, tensors: Mapping[str, npt.NDArray[Any]]) -> None:
        """Take the layers.

        Raises:
            CheckpointError: A layer is missing, or two neighbours do not fit.
        """
        depth = len(tensors) // 2
        names = [f'{kind}{layer}' for layer in range(depth) for kind in ('weight', 'bias')]
        if not depth or set(names) != set(tensors):
            raise CheckpointError(
                f'expected tensors weight0, bias0, …, got {", ".join(sorted(tensors)) or "none"}'
            )
        self._layers = [
            (tensors[f'weight{i}'].T.astype(np.float32), tensors[f'bias{i}'].astype(np.float32))
            for i in range(depth)
        ]
        width = self._layers[0][0].shape[0]
        for index, (weight, bias) in enumerate(self._layers):
            if weight.shape != (width, len(bias)):
                raise CheckpointError(f'layer {index} has shape {weight.shape}, not ({width}, …)')
            width = len(bias)

    @property
    def inputs(self) -> int:
        """Length of the input."""
        return int(self._layers[0][0].shape[0])

    @property
    def outputs(self) -> int:
        """Length of the output."""
        return len(self._layers[-1][1])

    def __call__(self, values: FloatArray) -> FloatArray:
        """Return (n, outputs) for (n, inputs)."""
        x = values.astype(np.float32)
        *hidden, (weight, bias) = self._layers
        for inner_weight, inner_bias in hidden:
            x = x @ inner_weight + inner_bias
            x = np.where(x > 0.0, x, np.expm1(np.minimum(x, 0.0)))
        return np.asarray(x @ weight + bias, dtype=np.float64)
