# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What is kept of every question to a policy: enough to put the same question again."""

from dataclasses import dataclass

from robot_policies.core.source_history import SourceRule
from robot_policies.core.source_use import SourceUse


@dataclass(frozen=True)
class ObservationRecord:
    """How one observation came about; times in ns on the clock of the stamps.

    Attributes:
        now_ns: When it was put together.
        stamp_ns: The instant that it stands for.
        instruction: What was to be followed.
        epoch: How often time had jumped, and everything heard before been forgotten.
        sources: Which values it was made of.
        rules: The rules by which they were chosen, in the order of `sources`.
    """

    now_ns: int
    stamp_ns: int
    instruction: str
    epoch: int
    sources: tuple[SourceUse, ...]
    rules: tuple[SourceRule, ...]

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the sources."""
        return tuple(use.name for use in self.sources)
