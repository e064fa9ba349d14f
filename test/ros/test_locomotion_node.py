# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The locomotion node: what it commands, and when it keeps silent."""

import json
import time

from geometry_msgs.msg import TwistStamped
from node_rig import NodeRig, values_of
import numpy as np
import pytest
from rclpy.parameter import Parameter
from robot_policies.core.data_types import VelocityCommand
from robot_policies.nodes.locomotion_node import LocomotionNode
from robot_policies.ros import topics
from robot_policies.ros.codecs.base import velocity_to_msg
from robot_policies.ros.diagnostics import make_status

ECHO = 'plugins_for_tests:EchoController'
pytestmark = pytest.mark.ros


def test_it_commands_what_the_controller_answers_in_the_robots_order(rig, wait_for):
    heard = rig.hear(topics.LOCOMOTION_COMMAND)
    rig.active(LocomotionNode, controller__plugin=ECHO)

    def shuffled(now_ns):
        topic, message = rig.joints(now_ns)
        order = list(reversed(range(len(message.name))))
        message.name = [message.name[i] for i in order]
        message.position = [message.position[i] for i in order]
        return topic, message

    rig.feed(200.0, shuffled, rig.imu)
    wait_for(lambda: len(heard) > 3)
    assert tuple(heard[-1].name) == rig.robot.joint_names
    np.testing.assert_allclose(heard[-1].position[2:], rig.robot.default_pose[2:])


def test_it_is_silent_without_imu_and_says_why(rig, wait_for):
    heard, diagnostics = rig.hear(topics.LOCOMOTION_COMMAND), rig.hear(topics.DIAGNOSTICS)
    node = rig.active(LocomotionNode, controller__plugin=ECHO)
    rig.feed(200.0, rig.joints)
    wait_for(lambda: node._inputs.joints.slot.received > 20)
    node.diagnostics.publish()
    wait_for(lambda: 'imu/data has not arrived' in said(diagnostics), what='the reason')
    # The first command ever follows the first IMU sample: there was none before it.
    assert not heard
    rig.feed(200.0, rig.imu)
    wait_for(lambda: heard)


def test_commands_cease_when_joint_states_cease(rig, wait_for):
    heard = rig.hear(topics.LOCOMOTION_COMMAND)
    node = rig.active(LocomotionNode, controller__plugin=ECHO)
    joints = rig.feed(200.0, rig.joints)
    rig.feed(200.0, rig.imu)
    wait_for(lambda: len(heard) > 3)
    joints.stop()
    stopped_ns = rig.now_ns()
    wait_for(lambda: 'inputs' in node.diagnostics._problems)
    wait_for(lambda: stamp(heard[-1]) <= stopped_ns)
    count = node._published.total
    ticks = node._loops[0].monitor.ticks
    wait_for(lambda: node._loops[0].monitor.ticks > ticks + 10)
    assert node._published.total == count


def test_a_velocity_from_a_second_publisher_is_refused_however_often_it_comes(rig, wait_for):
    heard = rig.hear(topics.LOCOMOTION_COMMAND)
    node = rig.active(LocomotionNode, controller__plugin=ECHO)

    def velocity(now_ns):
        message = topics.CMD_VEL.type()
        return topics.CMD_VEL, velocity_to_msg(VelocityCommand(now_ns, 0.5), 'base', message)

    rig.feed(200.0, rig.joints, rig.imu)
    rig.feed(200.0, velocity)
    slot = node._inputs.velocity.slot
    # counts that are far apart can be told from one another
    wait_for(lambda: slot.received > 150 and heard[-1].position[0] == 0.5, what='following')
    topic = topics.CMD_VEL
    intruder = rig.helper.create_publisher(topic.type, topic.name, topic.qos)
    heard.clear()

    def intrudes():
        backward = VelocityCommand(rig.now_ns(), -0.5)
        intruder.publish(velocity_to_msg(backward, 'base', topic.type()))
        return slot.rejected > 50 and len(heard) > 20

    wait_for(intrudes, what='refusals')
    # counts that came too close would have stopped the robot, never turned it round
    assert min(command.position[0] for command in heard) >= 0.0


def test_it_waits_for_a_joint_state_that_comes_late_and_uses_none_twice(rig, wait_for):
    heard, pauses = rig.hear(topics.LOCOMOTION_COMMAND), []
    rig.active(LocomotionNode, controller__plugin=ECHO)

    def halting(now_ns):
        if now_ns - (pauses[-1] if pauses else 0) > 80_000_000:
            pauses.append(now_ns)
            time.sleep(0.024)  # more than the 20 ms between two ticks
            now_ns = rig.now_ns()
        return rig.joints(now_ns)

    rig.feed(200.0, halting, rig.imu)
    wait_for(lambda: len(pauses) > 20 and heard)
    stamps = [stamp(message) for message in heard]
    assert len(stamps) - len(set(stamps)) <= 3  # a busy machine pauses for longer


def test_an_old_velocity_command_counts_as_zero(rig, wait_for):
    heard = rig.hear(topics.LOCOMOTION_COMMAND)
    rig.active(LocomotionNode, controller__plugin=ECHO, command_timeout_s=0.1)
    rig.feed(200.0, rig.joints, rig.imu)
    wait_for(lambda: len(heard) > 3)
    assert heard[-1].position[0] == 0.0
    rig.say(topics.CMD_VEL, velocity_message(rig, 0.4))
    wait_for(lambda: heard[-1].position[0] == pytest.approx(0.4))
    wait_for(lambda: heard[-1].position[0] == 0.0)


def test_a_velocity_that_is_not_finite_is_refused(rig, wait_for):
    heard = rig.hear(topics.LOCOMOTION_COMMAND)
    node = rig.active(LocomotionNode, controller__plugin=ECHO)
    rig.feed(200.0, rig.joints, rig.imu)
    wait_for(lambda: len(heard) > 3)
    rig.say(topics.CMD_VEL, velocity_message(rig, float('nan')))
    wait_for(lambda: node._inputs.velocity.slot.rejected == 1)
    rig.say(topics.CMD_VEL, velocity_message(rig, 0.3))
    wait_for(lambda: heard[-1].position[0] == pytest.approx(0.3))
    assert np.isfinite([m.position for m in heard]).all()


def test_the_controller_starts_anew_while_the_supervisor_damps(rig, wait_for):
    heard = rig.hear(topics.LOCOMOTION_COMMAND)
    rig.active(LocomotionNode, controller__plugin=ECHO)
    rig.feed(200.0, rig.joints, rig.imu)
    wait_for(lambda: len(heard) > 5)
    calm = heard[-1].position[1]
    rig.say(topics.SAFETY_STATUS, safety_status('DAMP'))
    wait_for(lambda: heard[-1].position[1] > calm + 3)
    rig.say(topics.SAFETY_STATUS, safety_status('PASS'))
    wait_for(lambda: len({m.position[1] for m in list(heard)[-5:]}) == 1)


@pytest.mark.parametrize('fault', ['nan', 'raise'])
def test_a_controller_that_fails_is_silenced_and_reported(rig, wait_for, fault):
    heard, diagnostics = rig.hear(topics.LOCOMOTION_COMMAND), rig.hear(topics.DIAGNOSTICS)
    rig.active(LocomotionNode, controller__plugin=ECHO, controller__fails_on=fault)
    rig.feed(200.0, rig.joints, rig.imu)
    words = 'not finite' if fault == 'nan' else 'no idea how to walk'
    wait_for(lambda: words in said(diagnostics))
    assert not heard


def test_diagnostics_tell_rates_ages_and_deadlines(rig, wait_for):
    diagnostics = rig.hear(topics.DIAGNOSTICS)
    node = rig.active(LocomotionNode, controller__plugin=ECHO)
    rig.feed(200.0, rig.joints, rig.imu)
    wait_for(lambda: node._published.total > 20)
    node.diagnostics.publish()
    wait_for(lambda: any(a.status[0].name == '/locomotion' for a in diagnostics))
    values = values_of(diagnostics[-1].status[0])
    assert float(values['control_ticks']) > 20
    for key in ('control_deadline_misses', 'control_jitter_p99_ms', 'step_p50_ms'):
        assert float(values[key]) >= 0.0
    assert 0.0 < float(values['joint_state_age_p50_ms']) < 40.0
    assert values['controller'] == ECHO


@pytest.mark.parametrize(
    ('parameters', 'words'),
    [
        ({}, 'give either controller.checkpoint or controller.plugin'),
        ({'controller__plugin': 'plugins_for_tests:Echo'}, 'EchoController'),
        ({'controller__plugin': 'plugins_for_test:X'}, "there is no package 'plugins_for_test'"),
        ({'controller__plugin': ECHO, 'controller__gain': 11.0}, 'gain: 11.0 is outside [0, 10]'),
        ({'controller__plugin': ECHO, 'controller__gian': 1.0}, 'did you mean gain?'),
        ({'controller__plugin': ECHO, 'controller__fails_on': 'width'}, '11 joints by position'),
        ({'controller__plugin': ECHO, 'control_hz': 'fast'}, "'fast' is a str, expected float"),
        ({'controller__plugin': ECHO, 'robot': 'go3'}, 'did you mean go2?'),
        ({'controller__checkpoint': 'nowhere'}, 'no config.json there'),
        ({'controller__plugin': ECHO, 'other.thing': 1}, 'parameter other.thing is unknown'),
    ],
)
def test_it_does_not_configure_with_what_cannot_work(rig, parameters, words):
    assert words in rig.refusal(LocomotionNode, **parameters)


def test_a_checkpoint_of_another_robot_is_refused(rig, tmp_path):
    content = {'class': ECHO, 'robot': 'anymal'}
    (tmp_path / 'config.json').write_text(json.dumps(content))
    words = rig.refusal(LocomotionNode, controller__checkpoint=str(tmp_path))
    assert 'made for robot anymal, not for go2' in words


def test_a_checkpoints_configuration_shows_as_parameters_and_can_be_overridden(rig, tmp_path):
    content = {'class': ECHO, 'robot': 'go2', 'config': {'gain': 2.0}}
    (tmp_path / 'config.json').write_text(json.dumps(content))
    node = rig.active(LocomotionNode, controller__checkpoint=str(tmp_path))
    assert node.get_parameter('controller.gain').value == 2.0
    assert node.controller.config.gain == 2.0
    answer = node.set_parameters([Parameter('controller.gain', value=3.0)])[0]
    assert not answer.successful
    assert 'set it at start' in answer.reason


def test_it_can_be_stopped_cleaned_up_and_started_again(rig, wait_for):
    heard = rig.hear(topics.LOCOMOTION_COMMAND)
    node = rig.active(LocomotionNode, controller__plugin=ECHO)
    rig.feed(200.0, rig.joints, rig.imu)
    wait_for(lambda: len(heard) > 3)
    node.trigger_deactivate()
    node.trigger_cleanup()
    assert node._owned == []
    assert node._loops == []
    node.trigger_configure()
    node.trigger_activate()
    count = len(heard)
    wait_for(lambda: len(heard) > count + 3)


def velocity_message(rig: NodeRig, vx: float) -> TwistStamped:
    return velocity_to_msg(VelocityCommand(rig.now_ns(), vx), 'base', TwistStamped())


def safety_status(severity: str):
    return make_status('/safety', b'\x02', 'words', {'severity': severity})


def said(diagnostics) -> str:
    return ' '.join(status.message for array in list(diagnostics) for status in array.status)


def stamp(message) -> int:
    return message.header.stamp.sec * 10**9 + message.header.stamp.nanosec
