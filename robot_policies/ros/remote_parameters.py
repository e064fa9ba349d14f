# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Read another node's parameters, so that a viewer shows what is in force and not a copy of it."""

from collections.abc import Sequence
from typing import Any

from rcl_interfaces.srv import GetParameters
from rclpy.parameter import parameter_value_to_python
from robot_policies.ros.lifecycle import ManagedNode


class RemoteParameters:
    """Parameters of another node of the same namespace, once it has answered.

    Attributes:
        values: Name -> value, for those that the node has; empty until it has answered.
    """

    def __init__(self, node: ManagedNode, target: str, names: Sequence[str]) -> None:
        """Prepare to ask.

        Args:
            node: Who asks; its executor takes the answer.
            target: The other node's name, relative to the namespace.
            names: Parameters to ask for.
        """
        self.values: dict[str, Any] = {}
        self._names = list(names)
        self._pending = False
        self._client = node.create_client(GetParameters, f'{target}/get_parameters')
        node.own(lambda: node.destroy_client(self._client))

    def ask(self) -> None:
        """Ask, unless the answer is there or on its way, or nobody would give it."""
        if self.values or self._pending or not self._client.service_is_ready():
            return
        self._pending = True
        request = GetParameters.Request(names=self._names)
        self._client.call_async(request).add_done_callback(self._on_answer)

    def _on_answer(self, future: Any) -> None:  # noqa: ANN401
        self._pending = False
        values = map(parameter_value_to_python, future.result().values)
        named = zip(self._names, values, strict=False)
        self.values = {name: value for name, value in named if value is not None}
