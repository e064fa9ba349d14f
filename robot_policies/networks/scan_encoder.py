# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Encodes a ring of distances with convolutions that wrap around."""

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.data_types import Scan
import torch
from torch import nn


class ScanEncoder(nn.Module):
    """Two circular convolutions over sectors, then one linear layer."""

    def __init__(self, sectors: int, size: int, *, channels: int = 12) -> None:
        """Build the encoder.

        Args:
            sectors: Number of sectors, a multiple of 4.
            size: Length of the result.
            channels: Width of the convolutions.
        """
        super().__init__()
        self.ring = nn.Sequential(
            nn.Conv1d(1, channels, 5, padding=2, stride=2, padding_mode='circular'),
            nn.SiLU(),
            nn.Conv1d(channels, channels, 5, padding=2, stride=2, padding_mode='circular'),
            nn.SiLU(),
        )
        self.leave = nn.Linear(channels * (sectors // 4), size)

    def forward(self, nearness: torch.Tensor) -> torch.Tensor:
        """Return (batch, size) for nearness (batch, sectors)."""
        return torch.as_tensor(self.leave(self.ring(nearness[:, None]).flatten(1)))


def sector_minima(scan: Scan, sectors: int) -> FloatArray:
    """Return (sectors,) the nearest distance in each sector, m; `range_max_m` where none is.

    Sector 0 is centred on forward and they go counter-clockwise, so any ray layout fits.

    Args:
        scan: The scan.
        sectors: Number of sectors around the robot.
    """
    width = 2.0 * np.pi / sectors
    index = np.rint(scan.angles() / width).astype(int) % sectors
    minima = np.full(sectors, scan.range_max_m)
    valid = scan.valid()
    np.minimum.at(minima, index[valid], scan.ranges[valid])
    return minima


def nearness(distance: FloatArray, *, half_m: float = 0.7) -> FloatArray:
    """Squash distances (m) into (0, 1]: 1 at touch, 0.5 at `half_m`, 0 far away.

    What is near decides, what is far hardly matters, and "nothing there" needs no special value.
    """
    return np.asarray(half_m / (half_m + np.maximum(distance, 0.0)))
