# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Put the tasks of a file to the running stack and write what becomes of them, for evaluation.

It reads the ground truth of the simulator, and is no part of what controls the robot.
"""

from dataclasses import asdict, dataclass
import json
from pathlib import Path
import sys
from typing import Any

from diagnostic_msgs.msg import DiagnosticStatus
from nav_msgs.msg import Odometry
import numpy as np
from rcl_interfaces.srv import SetParameters
from rclpy.parameter import Parameter
from robot_policies.core.data_types import PolicyStatus
from robot_policies.core.errors import ConfigError
from robot_policies.core.exam import Do, Exam, ExamTask
from robot_policies.core.params import param
from robot_policies.core.rotations import yaw
from robot_policies.ros import topics
from robot_policies.ros.codecs.diagnostics import status_values
from robot_policies.ros.lifecycle import ManagedNode, NodeConfig
from robot_policies.ros.run import run_node
from std_msgs.msg import String

_PERIOD_S = 0.05


@dataclass(frozen=True, kw_only=True)
class ExaminerConfig(NodeConfig):
    """What is asked, and where the answers go."""

    plan: str = param('', doc='JSON file: a list of {seed, text, limit_s}.')
    result: str = param('', doc='JSON file to write, once, when all is done.')
    sim: str = param('sim', doc='Name of the simulator node.')


class ExaminerNode(ManagedNode):
    """Resets, tells, watches, writes."""

    default_name = 'examiner'
    config_class = ExaminerConfig
    config: ExaminerConfig

    def _setup(self) -> None:
        self._exam = Exam(read_plan(self.config.plan))
        self._written = False
        self._instruction = self.publisher(topics.INSTRUCTION)
        self.listen(topics.POLICY_STATUS, self._on_status)
        self.listen(topics.SAFETY_STATUS, self._on_safety)
        self.listen(topics.SIM_GROUND_TRUTH, self._on_pose)
        self.listen(topics.SIM_CONTACTS, self._on_contact)
        self._seed = self.create_client(SetParameters, f'{self.config.sim}/set_parameters')
        self._world = self.create_client(topics.SIM_RESET.type, topics.SIM_RESET.name)
        self._safety = self.create_client(topics.SAFETY_RESET.type, topics.SAFETY_RESET.name)
        for client in (self._seed, self._world, self._safety):
            self.own(lambda client=client: self.destroy_client(client))  # type: ignore[misc]
        self.slowly(_PERIOD_S, self._poll, 'poll')

    def _on_status(self, message: DiagnosticStatus) -> None:
        values = status_values(message)
        status = PolicyStatus.__members__.get(values.get('status', ''), PolicyStatus.IDLE)
        instruction = values.get('instruction', '')
        self._exam.hear_status(status, instruction, message.message, self.now_ns())

    def _on_safety(self, message: DiagnosticStatus) -> None:
        engaged = status_values(message).get('phase', '') == 'engaged'
        self._exam.hear_engaged(engaged, self.now_ns())

    def _on_pose(self, message: Odometry) -> None:
        place, turn = message.pose.pose.position, message.pose.pose.orientation
        heading = float(yaw(np.array([turn.x, turn.y, turn.z, turn.w])))
        self._exam.hear_pose(place.x, place.y, heading, self.now_ns())

    def _on_contact(self, message: String) -> None:
        content = json.loads(message.data)
        if content.get('event') == 'reset':
            self._exam.hear_reset(int(content.get('seed', -1)))
        self._exam.hear_event(str(content.get('event', '')))

    def _poll(self) -> None:
        do = self._exam.step(self.now_ns())
        if do is Do.RESET:
            self._reset(self._exam.task)
        elif do is Do.RELEASE:
            self._safety.call_async(topics.SAFETY_RESET.type.Request())
        elif do is Do.TELL:
            self._instruction.publish(String(data=self._exam.task.text))
        elif do is Do.FINISH and not self._written:
            self._written = True
            records = [asdict(record) for record in self._exam.records]
            partial = Path(f'{self.config.result}.partial')
            partial.write_text(json.dumps(records), encoding='utf-8')
            partial.replace(self.config.result)

    def _reset(self, task: ExamTask) -> None:
        self._instruction.publish(String(data=''))
        seed = Parameter('world.seed', value=task.seed).to_parameter_msg()
        request = SetParameters.Request(parameters=[seed])
        self._seed.call_async(request).add_done_callback(self._reset_world)
        self.get_logger().info(f'{len(self._exam.records) + 1}/{len(self._exam.tasks)}: {task}')

    def _reset_world(self, _: Any) -> None:  # noqa: ANN401
        self._world.call_async(topics.SIM_RESET.type.Request())


def read_plan(path: str) -> list[ExamTask]:
    """Read the tasks.

    Raises:
        ConfigError: The file is no such list.
    """
    try:
        rows = json.loads(Path(path).read_text(encoding='utf-8'))
        return [ExamTask(int(r['seed']), str(r['text']), float(r['limit_s'])) for r in rows]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ConfigError('examiner', [f'plan {path!r} cannot be used: {error!r}']) from error


def main(args: list[str] | None = None) -> int:
    """Run the node."""
    return run_node(ExaminerNode, args)


if __name__ == '__main__':
    sys.exit(main())
