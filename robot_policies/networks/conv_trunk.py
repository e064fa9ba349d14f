# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A small convolutional trunk that turns a picture into a grid of tokens, knowing no language.

Because nothing of the instruction enters here, the trunk can run in a process of its own and its
tokens can serve any number of policies; the language comes in behind it (`grounding.py`).
"""

from robot_policies.core.arrays import ByteArray
import torch
from torch import nn

STRIDE = 8
"""Pixels of the (reduced) picture per token, in both directions."""


class ConvTrunk(nn.Module):
    """Five convolutions, stride 8, then a per-token perceptron that also sees where it is."""

    def __init__(self, *, height: int, width: int, channels: tuple[int, ...], size: int) -> None:
        """Build the trunk.

        Args:
            height: Pixel rows of the reduced picture, a multiple of 8.
            width: Pixel columns of the reduced picture, a multiple of 8.
            channels: Three widths, one per halving of the resolution.
            size: Length of a token.

        Raises:
            ValueError: Height or width is no multiple of 8, or not three channels are given.
        """
        super().__init__()
        if height % STRIDE or width % STRIDE or len(channels) != 3:
            raise ValueError(
                f'picture {height}×{width}: expected multiples of {STRIDE}, and three channels'
            )
        self.height, self.width = height, width
        self.rows, self.columns, self.size = height // STRIDE, width // STRIDE, size
        first, second, third = channels
        self.pixels = nn.Sequential(
            *_stage(3, first, stride=2),
            *_stage(first, second, stride=2),
            *_stage(second, third, stride=2),
            *_stage(third, third),
            *_stage(third, third, dilation=2),
        )
        self.tokens = nn.Sequential(
            nn.Conv2d(third + 2, third, 1), nn.ReLU(), nn.Conv2d(third, size, 1)
        )
        rows = torch.linspace(-1.0, 1.0, self.rows)[:, None].expand(self.rows, self.columns)
        columns = torch.linspace(-1.0, 1.0, self.columns).expand(self.rows, self.columns)
        self.register_buffer('where', torch.stack([rows, columns])[None], persistent=False)
        self.where: torch.Tensor

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """Return (batch, rows·columns, size) for pictures (batch, 3, height, width) in [0, 1]."""
        seen = self.pixels(pictures - 0.5)
        where = self.where.expand(len(seen), -1, -1, -1)
        grid = self.tokens(torch.cat([seen, where], dim=1))
        return torch.as_tensor(grid.flatten(2).transpose(1, 2))


def _stage(
    inward: int, outward: int, *, stride: int = 1, dilation: int = 1
) -> tuple[nn.Module, ...]:
    """Convolution, normalisation over the batch (a constant at inference), rectifier."""
    return (
        nn.Conv2d(
            inward,
            outward,
            3,
            stride=stride,
            padding=dilation,
            dilation=dilation,
            bias=False,
        ),
        nn.BatchNorm2d(outward),
        nn.ReLU(),
    )


def reduce_picture(pixels: ByteArray, *, height: int, width: int) -> torch.Tensor:
    """Scale a picture down by averaging over areas, as a camera with larger pixels would.

    Args:
        pixels: (H, W, 3) uint8 RGB.
        height: Rows wanted.
        width: Columns wanted.

    Returns:
        (1, 3, height, width) float32 in [0, 1].

    Raises:
        ValueError: The picture has another shape than the one wanted (a stretched picture would
            show objects that the network never saw), or is smaller than it.
    """
    have_height, have_width = pixels.shape[:2]
    if have_height * width != have_width * height or have_height < height:
        raise ValueError(
            f'picture is {have_width}×{have_height}, expected {width}×{height} or a multiple of it'
        )
    picture = torch.tensor(pixels).permute(2, 0, 1)[None].to(torch.float32) / 255.0
    if have_height == height:
        return picture
    return nn.functional.interpolate(picture, size=(height, width), mode='area')
