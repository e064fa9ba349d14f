# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Give instructions where nobody is there to do it; whoever types one takes over.

For demonstrations. It also asks for a reset when the supervisor has let the robot sink, unless a
person pressed stop, and gives up both as soon as a person is there.
"""

from dataclasses import dataclass
import sys

from diagnostic_msgs.msg import DiagnosticStatus
from rclpy.client import Client
from robot_policies.core.data_types import PolicyStatus
from robot_policies.core.errors import ConfigError
from robot_policies.core.instruction_script import InstructionScript, ResetHabit
from robot_policies.core.params import param
from robot_policies.ros import notify, topics
from robot_policies.ros.codecs.diagnostics import status_values
from robot_policies.ros.lifecycle import ManagedNode, NodeConfig
from robot_policies.ros.run import run_node
from std_msgs.msg import String

_POLL_S = 0.25
_STOPS = ('EStop', 'Stop')


@dataclass(frozen=True, kw_only=True)
class OperatorConfig(NodeConfig):
    """What is said, and how patiently."""

    instructions: tuple[str, ...] = param(
        ('walk to the red ball', 'go to the blue box', 'find the green cone'),
        doc='Given one after the other, and again from the first.',
    )
    patience_s: float = param(
        40.0, doc='Wait no longer than this for an answer.', unit='s', low=1.0, high=3600.0
    )
    pause_s: float = param(
        2.0, doc='Stand this long after an answer.', unit='s', low=0.0, high=600.0
    )
    reset_pause_s: float = param(
        4.0, doc='After the robot sank, reset it this much later.', unit='s', low=0.5, high=600.0
    )
    sets_upright: bool = param(
        False, doc='In simulation: begin the world anew if the robot cannot get up.'
    )


class OperatorNode(ManagedNode):
    """Publishes instructions in turn and listens to what the policy makes of them."""

    default_name = 'operator'
    config_class = OperatorConfig
    config: OperatorConfig

    def _setup(self) -> None:
        try:
            self._script = InstructionScript(
                self.config.instructions,
                patience_s=self.config.patience_s,
                pause_s=self.config.pause_s,
            )
        except ValueError as error:
            raise ConfigError(self.get_name(), [str(error)]) from error
        self._habit = ResetHabit(pause_s=self.config.reset_pause_s, stops=_STOPS)
        self._active = False
        self._overruled = False
        self._instruction = self.publisher(topics.INSTRUCTION)
        self.listen(topics.INSTRUCTION, self._on_instruction)
        self.listen(topics.POLICY_STATUS, self._on_status)
        self.listen(topics.SAFETY_STATUS, self._on_safety)
        self._clients: list[Client] = []
        self._reset = self._client(topics.SAFETY_RESET)
        self._upright = self._client(topics.SIM_RESET) if self.config.sets_upright else None
        self.slowly(_POLL_S, self._poll, 'poll')

    def _client(self, service: topics.Service) -> Client:
        client = self.create_client(service.type, service.name)
        self.own(lambda: self.destroy_client(client))
        self._clients.append(client)
        return client

    def _start(self) -> None:
        self._active = True

    def _stop(self) -> None:
        self._active = False

    def _on_instruction(self, message: String) -> None:
        self._script.hear_instruction(message.data)
        if self._script.overruled_by is not None and not self._overruled:
            self._overruled = True
            self._tell('somebody else gives the instructions now')

    def _on_status(self, message: DiagnosticStatus) -> None:
        values = status_values(message)
        status = PolicyStatus.__members__.get(values.get('status', ''), PolicyStatus.IDLE)
        self._script.hear_status(status, values.get('instruction', ''), self.now_ns())

    def _on_safety(self, message: DiagnosticStatus) -> None:
        values = status_values(message)
        phase, check = values.get('phase', ''), values.get('check', '')
        self._habit.hear(phase=phase, check=check, now_ns=self.now_ns())

    def _poll(self) -> None:
        if not self._active or self._overruled:
            return
        now_ns = self.now_ns()
        # A request that goes out before its service is known is lost, and must not count as one.
        ready = all(client.service_is_ready() for client in self._clients)
        if ready and self._habit.wants(now_ns):
            self._help()
        text = self._script.next(now_ns) if self._habit.engaged else None
        if text is not None:
            self._instruction.publish(String(data=text))
            self._tell(f'"{text}"')

    def _help(self) -> None:
        if self._habit.in_vain and self._upright is not None:
            self._tell('it cannot get up: setting it on its feet')
            self._upright.call_async(topics.SIM_RESET.type.Request())
            self._habit.helped()
            return
        self._tell('asking for a reset')
        self._reset.call_async(topics.SAFETY_RESET.type.Request())

    def _tell(self, text: str) -> None:
        self.get_logger().info(text)
        notify.status(text)


def main(args: list[str] | None = None) -> int:
    """Run the node."""
    return run_node(OperatorNode, args)


if __name__ == '__main__':
    sys.exit(main())
