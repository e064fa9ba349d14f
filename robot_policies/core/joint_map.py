# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The one place where joint order is decided."""

from collections.abc import Sequence

import numpy as np
from robot_policies.core.arrays import FloatArray


class JointMapError(ValueError):
    """A message does not name the robot's joints."""


class JointMap:
    """Reorders what comes by name into the robot's order.

    Joints that the robot does not list are ignored (a gripper beside the arm); a joint that is
    missing, or named twice, is an error. The order of the names is kept from message to message,
    so that the common case costs one comparison of tuples.
    """

    def __init__(self, names: Sequence[str]) -> None:
        """Create the map.

        Args:
            names: The robot's joints in the robot's order.

        Raises:
            JointMapError: A name appears twice.
        """
        self.names = tuple(names)
        if len(set(self.names)) != len(self.names):
            raise JointMapError(f'joint names must differ: {", ".join(self.names)}')
        self._seen: tuple[str, ...] = self.names
        self._index = np.arange(len(self.names))

    def to_robot(
        self, names: Sequence[str], values: Sequence[float] | FloatArray, what: str
    ) -> FloatArray:
        """Return `values` in the robot's order.

        Args:
            names: Joint name of each value.
            values: One value per name.
            what: What the values are, for the message.

        Returns:
            (n,) values in the robot's order.

        Raises:
            JointMapError: Joints are missing or doubled, or the lengths differ.
        """
        if tuple(names) != self._seen:
            self._learn(tuple(names))
        if len(values) != len(self._seen):
            raise JointMapError(f'{what}: {len(values)} values for {len(self._seen)} joint names')
        ordered = np.asarray(values, dtype=np.float64)[self._index]
        ordered.setflags(write=False)  # it is nobody else's: what it becomes part of need not copy
        return ordered

    def _learn(self, names: tuple[str, ...]) -> None:
        missing = [name for name in self.names if name not in names]
        if missing:
            raise JointMapError(
                f'joints {", ".join(missing)} are missing; got {", ".join(names) or "none"}'
            )
        doubled = sorted({name for name in self.names if names.count(name) > 1})
        if doubled:
            raise JointMapError(f'joints {", ".join(doubled)} are named more than once')
        self._index = np.array([names.index(name) for name in self.names])
        self._seen = names
