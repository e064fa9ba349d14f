# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""How near is too near, asked of the safety node: what is drawn is what is in force."""

from robot_policies.ros.lifecycle import ManagedNode
from robot_policies.ros.remote_parameters import RemoteParameters

_SAFETY = 'safety'
_NAMES = ('distance.stop_m', 'distance.slow_m')
_ASK_EVERY_S = 2.0


class SafetyZones:
    """The distances from the robot's outline at which it stops and slows down."""

    def __init__(self, node: ManagedNode) -> None:
        self._remote = RemoteParameters(node, _SAFETY, _NAMES)
        node.slowly(_ASK_EVERY_S, self._remote.ask, 'zones')

    def distances(self) -> tuple[float, float] | None:
        """Return stop and slow distance in m, or None while the safety node has not said."""
        values = self._remote.values
        if not all(isinstance(values.get(name), float) for name in _NAMES):
            return None
        return values[_NAMES[0]], values[_NAMES[1]]
