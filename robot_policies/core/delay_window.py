# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""How late answers are, measured from the answers themselves."""

from collections import deque

import numpy as np


class DelayWindow:
    """The last delays, from an observation's stamp to the arrival of its answer."""

    def __init__(self, size: int, quantile: float) -> None:
        """Create an empty window.

        Args:
            size: How many delays count.
            quantile: Which of them is expected: 1 is the largest.
        """
        self._delays_ns: deque[int] = deque(maxlen=size)
        self._quantile = quantile

    def add(self, delay_ns: int) -> None:
        """Note a delay; the oldest one gives way."""
        self._delays_ns.append(max(0, delay_ns))

    @property
    def longest_ns(self) -> int:
        """The longest delay; 0 before the first answer."""
        return max(self._delays_ns, default=0)

    @property
    def expected_ns(self) -> int:
        """The delay to expect; 0 before the first answer."""
        if not self._delays_ns:
            return 0
        # the higher neighbour: a delay that happened, never one between two that did
        values = np.array(self._delays_ns)
        return int(np.quantile(values, self._quantile, method='higher'))
