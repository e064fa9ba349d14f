# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What an observation was made of: which values of each source, how old, how far from it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SourceUse:
    """How one source entered an observation; times in ns on the clock of the stamps.

    Attributes:
        name: The source, e.g. `camera/front`.
        align: How the value was chosen, as in `core.source_history.Align`.
        stamps_ns: Stamp of the value that was taken; of both neighbours where it lies between two.
        newest_ns: Stamp of the newest value that was there.
        age_ns: From the newest value to the decision: what the maximum age limits.
        skew_ns: From the taken value (the farther neighbour) to the instant that the observation
            stands for: what the maximum skew limits.
    """

    name: str
    align: str
    stamps_ns: tuple[int, ...]
    newest_ns: int
    age_ns: int
    skew_ns: int
