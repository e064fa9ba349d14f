# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The examiner puts the tasks of a file to a stack and writes what became of them."""

import json

import pytest
from rcl_interfaces.msg import SetParametersResult
from rcl_interfaces.srv import SetParameters
from robot_policies.nodes.examiner_node import ExaminerNode
from robot_policies.ros import topics
from robot_policies.ros.diagnostics import make_status
from std_msgs.msg import String

pytestmark = pytest.mark.ros
TASKS = [
    {'seed': 7, 'text': 'walk to the red ball', 'limit_s': 30.0},
    {'seed': 8, 'text': 'walk to the green cone', 'limit_s': 30.0},
]


class Stack:
    """A simulator that puts the robot where it is told, and a policy that is done at once."""

    def __init__(self, rig, answers):
        self.rig, self.answers = rig, answers
        self.seed, self.told = 0, ''
        rig.helper.create_service(SetParameters, 'sim/set_parameters', self._on_seed)
        rig.helper.create_service(topics.SIM_RESET.type, topics.SIM_RESET.name, self._on_reset)
        instruction = topics.INSTRUCTION
        rig.helper.create_subscription(
            instruction.type, instruction.name, self._on_instruction, instruction.qos
        )
        rig.feed(20.0, self._policy, self._safety, self._pose)

    def _on_seed(self, request, response):
        self.seed = request.parameters[0].value.integer_value
        response.results = [SetParametersResult(successful=True)]
        return response

    def _on_reset(self, _request, response):
        event = {'event': 'reset', 'seed': self.seed}
        self.rig.say(topics.SIM_CONTACTS, String(data=json.dumps(event)))
        response.success = True
        return response

    def _on_instruction(self, message):
        self.told = message.data

    def _policy(self, _now_ns):
        status = self.answers.get(self.told, 'IDLE')
        values = {'status': status, 'instruction': self.told}
        return topics.POLICY_STATUS, make_status('policy', b'\x00', f'I say {status}', values)

    def _safety(self, _now_ns):
        return topics.SAFETY_STATUS, make_status('safety', b'\x00', '', {'phase': 'engaged'})

    def _pose(self, _now_ns):
        message = topics.SIM_GROUND_TRUTH.type()
        message.pose.pose.position.x = float(self.seed)
        message.pose.pose.orientation.w = 1.0
        return topics.SIM_GROUND_TRUTH, message


def test_it_asks_in_the_world_of_each_task_and_writes_what_came_of_it(rig, tmp_path, wait_for):
    plan, result = tmp_path / 'plan.json', tmp_path / 'result.json'
    plan.write_text(json.dumps(TASKS))
    Stack(rig, {TASKS[0]['text']: 'REACHED', TASKS[1]['text']: 'NOT_SEEN'})
    rig.active(ExaminerNode, plan=str(plan), result=str(result))
    wait_for(result.is_file, 60.0, 'the result')
    records = json.loads(result.read_text())
    assert [record['status'] for record in records] == ['REACHED', 'NOT_SEEN']
    assert [record['message'] for record in records] == ['I say REACHED', 'I say NOT_SEEN']
    assert all(record['stands'] and 1.0 <= record['time_s'] < 30.0 for record in records)
    assert [record['path'][-1][0] for record in records] == [7.0, 8.0]


@pytest.mark.parametrize('text', ['', '[{"seed": 1}]', '{'])
def test_a_plan_that_is_none_is_refused_with_its_name(rig, tmp_path, text):
    plan = tmp_path / 'plan.json'
    plan.write_text(text)
    assert str(plan) in rig.refusal(ExaminerNode, plan=str(plan))
