# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""For how long something has been so, without a break."""


class Lasting:
    """Counts from when something began to hold; any break, and a clock that went back, ends it."""

    def __init__(self) -> None:
        """Start with nothing that holds."""
        self._since_ns: int | None = None

    def clear(self) -> None:
        """Count anew, whatever held."""
        self._since_ns = None

    def note(self, holds: bool, now_ns: int, seen_ns: int | None = None) -> float:
        """Say whether it holds.

        Args:
            holds: Whether it does.
            now_ns: Now.
            seen_ns: When it was seen to; now if not given.

        Returns:
            For how long it has held without a break, s; 0 if it does not.
        """
        if not holds:
            self._since_ns = None
            return 0.0
        if self._since_ns is None or now_ns < self._since_ns:
            self._since_ns = now_ns if seen_ns is None else min(seen_ns, now_ns)
        return (now_ns - self._since_ns) * 1e-9
