# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The operator node: instructs where nobody does, and gives way to whoever does."""

from diagnostic_msgs.msg import DiagnosticStatus, KeyValue
import pytest
from robot_policies.nodes.operator_node import OperatorNode
from robot_policies.ros import topics

WORDS = ['walk to the red ball', 'go to the blue box']
pytestmark = pytest.mark.ros


def answer(rig, status, instruction=''):
    values = {'status': status, 'instruction': instruction}
    pairs = [KeyValue(key=key, value=value) for key, value in values.items()]
    rig.say(topics.POLICY_STATUS, DiagnosticStatus(name='policy', values=pairs))


def engage(rig, phase='engaged', check=''):
    pairs = [KeyValue(key='phase', value=phase), KeyValue(key='check', value=check)]
    rig.say(topics.SAFETY_STATUS, DiagnosticStatus(name='safety', values=pairs))


def said(heard):
    return [message.data for message in heard]


def test_it_goes_on_when_the_policy_has_answered(rig, wait_for):
    heard = rig.hear(topics.INSTRUCTION)
    rig.active(OperatorNode, instructions=WORDS, pause_s=0.0)
    engage(rig)
    answer(rig, 'IDLE')
    wait_for(lambda: said(heard) == WORDS[:1])
    answer(rig, 'REACHED', WORDS[0])
    wait_for(lambda: said(heard) == WORDS)


def test_a_person_takes_over_for_good(rig, wait_for):
    heard = rig.hear(topics.INSTRUCTION)
    node = rig.active(OperatorNode, instructions=WORDS, pause_s=0.0, patience_s=1.0)
    engage(rig)
    answer(rig, 'IDLE')
    wait_for(lambda: said(heard) == WORDS[:1])
    rig.instruct('find the green cone')
    wait_for(lambda: node._overruled)
    answer(rig, 'REACHED', 'find the green cone')
    begun = node.now_ns()
    wait_for(lambda: node.now_ns() - begun > 2_000_000_000)  # twice its patience
    assert said(heard) == [WORDS[0], 'find the green cone']


def test_a_robot_that_sank_is_reset_and_told_nothing_before_it_stands(rig, wait_for):
    heard, resets = rig.hear(topics.INSTRUCTION), []

    def reset(request, response):
        resets.append(request)
        response.success = True
        return response

    rig.helper.create_service(topics.SAFETY_RESET.type, topics.SAFETY_RESET.name, reset)
    rig.active(OperatorNode, instructions=WORDS, pause_s=0.0, reset_pause_s=0.5)
    engage(rig, 'latched', 'Freshness')
    answer(rig, 'IDLE')
    wait_for(lambda: resets)
    assert not heard
    engage(rig)
    wait_for(lambda: said(heard) == WORDS[:1])


def test_without_words_it_does_not_configure(rig):
    assert 'none may be empty' in rig.refusal(OperatorNode, instructions=[' '])


def test_in_simulation_a_robot_that_cannot_get_up_is_set_on_its_feet(rig, wait_for):
    node = rig.active(OperatorNode, reset_pause_s=0.5, sets_upright=True)
    engage(rig, phase='latched', check='Tilt')
    wait_for(lambda: node._habit._due_ns)
    begun = node.now_ns()
    wait_for(lambda: node.now_ns() - begun > 1_500_000_000)  # nobody is there: no attempt counts
    asked = []
    for service in (topics.SAFETY_RESET, topics.SIM_RESET):

        def answer(_request, response, name=service.name):
            asked.append(name)
            response.success = True
            return response

        rig.helper.create_service(service.type, service.name, answer)
    wait_for(lambda: len(asked) == 5)
    resets = [topics.SAFETY_RESET.name]
    assert asked == [*(3 * resets), topics.SIM_RESET.name, *resets]
