# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Says on `/diagnostics` how long news take from the sensors to the motors, hop by hop."""

from collections.abc import Mapping, Sequence
import sys
from typing import Any

from robot_policies.core.trace_numbers import route_numbers
from robot_policies.core.trace_window import TraceWindow
from robot_policies.ros.lifecycle import ManagedNode
from robot_policies.ros.run import run_node
from robot_policies.ros.trace_listener import TraceListener

_POLL_S = 1.0
_POLLS_PER_REPORT = 5
"""Quantiles are most of the work, and change slowly."""


class TraceNode(ManagedNode):
    """Joins what the nodes of the control path tell to chains, and publishes their quantiles."""

    default_name = 'trace'

    def _setup(self) -> None:
        self._window = TraceWindow()
        self._polls = 0
        self._routes: dict[str, float] = {}
        self._listener = TraceListener(self)
        self.own(lambda: self.destroy_subscription(self._listener.subscription))
        self.diagnostics.add_source(self._numbers)
        self.slowly(_POLL_S, self._poll, 'poll')

    def _poll(self) -> None:
        self._window.add(self._listener.poll())
        if self._polls % _POLLS_PER_REPORT == 0 or not self._routes:
            self._routes = {
                key: value
                for route in self._window.routes()
                for key, value in route_numbers(route).items()
            }
        self._polls += 1

    def _numbers(self) -> Mapping[str, Any]:
        window = self._window
        numbers: dict[str, Any] = {'commands': window.commands, 'refused': self._listener.refused}
        for topic, count in sorted(window.broken.items()):
            numbers[f'untold {topic}'] = count
        return numbers | self._routes


def main(args: Sequence[str] | None = None) -> int:
    """Run the node; the exit status is that of `run_node`."""
    return run_node(TraceNode, args)


if __name__ == '__main__':
    sys.exit(main())
