# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A multi-layer perceptron that is exactly left-right symmetric, at the price of a plain one.

Hidden units come in pairs that swap when the input is mirrored. Each layer's matrix is built from
half as many parameters (`[[P, Q], [Q, P]]`), so nothing is evaluated twice, and what is trained
can be written out as a plain perceptron (`dense`).
"""

from collections.abc import Sequence
import itertools

from robot_policies.training.velocity_mirror import Mirror
import torch
from torch import nn, Tensor
from torch.nn import functional


class MirroredMlp(nn.Module):
    """`f(mirror_in(x)) == mirror_out(f(x))` for every x and all parameters."""

    def __init__(
        self,
        mirror_in: Mirror,
        mirror_out: Mirror,
        widths: Sequence[int],
        *,
        output_gain: float,
    ) -> None:
        """Create it.

        Args:
            mirror_in: Mirror of the input.
            mirror_out: Mirror of the output.
            widths: Width of each hidden layer; even numbers.
            output_gain: Scale of the last layer's first weights.
        """
        super().__init__()
        half = [width // 2 for width in widths]
        size = len(mirror_in.order)
        self.first = _orthogonal(half[0], size, 2.0**0.5)
        self.same = nn.ParameterList()
        self.cross = nn.ParameterList()
        for fan_in, fan_out in itertools.pairwise(half):
            block = _orthogonal(fan_out, 2 * fan_in, 2.0**0.5)
            self.same.append(nn.Parameter(block[:, :fan_in].detach().clone()))
            self.cross.append(nn.Parameter(block[:, fan_in:].detach().clone()))
        self.biases = nn.ParameterList(nn.Parameter(torch.zeros(width)) for width in half)
        outputs = len(mirror_out.order)
        self.last = _orthogonal(outputs, half[-1], output_gain)
        self.last_bias = nn.Parameter(torch.zeros(outputs))
        for name, mirror in (('in', mirror_in), ('out', mirror_out)):
            self.register_buffer(f'order_{name}', torch.as_tensor(mirror.order), persistent=False)
            signs = torch.as_tensor(mirror.signs, dtype=torch.float32)
            self.register_buffer(f'signs_{name}', signs, persistent=False)

    def dense(self) -> list[tuple[Tensor, Tensor]]:
        """Return weight (out, in) and bias (out,) of each layer of the equal plain perceptron."""
        order_in, signs_in = self.get_buffer('order_in'), self.get_buffer('signs_in')
        order_out, signs_out = self.get_buffer('order_out'), self.get_buffer('signs_out')
        # signed permutations of mirrors are their own inverses: columns permute like values
        layers = [(torch.cat([self.first, self.first[:, order_in] * signs_in]), self.biases[0])]
        for same, cross, bias in zip(self.same, self.cross, self.biases[1:], strict=True):
            top = torch.cat([same, cross], dim=1)
            layers.append((torch.cat([top, torch.cat([cross, same], dim=1)]), bias))
        mirrored = self.last[order_out] * signs_out[:, None]
        bias = 0.5 * (self.last_bias + self.last_bias[order_out] * signs_out)
        dense = [(weight, torch.cat([bias, bias])) for weight, bias in layers]
        return [*dense, (torch.cat([self.last, mirrored], dim=1), bias)]

    def forward(self, x: Tensor) -> Tensor:
        """Return (…, outputs) for (…, inputs)."""
        return evaluate(self.dense(), x)


def evaluate(layers: Sequence[tuple[Tensor, Tensor]], x: Tensor) -> Tensor:
    """Return (…, outputs) of the plain perceptron with these layers for (…, inputs)."""
    *hidden, last = layers
    for weight, bias in hidden:
        x = functional.elu(functional.linear(x, weight, bias))
    return functional.linear(x, *last)


def _orthogonal(rows: int, columns: int, gain: float) -> nn.Parameter:
    values = torch.empty(rows, columns)
    nn.init.orthogonal_(values, gain)
    return nn.Parameter(values)
