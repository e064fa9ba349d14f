# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The simulator node: what it publishes, what it obeys, and that nobody peeps behind it."""

from functools import partial
import json

from geometry_msgs.msg import Vector3
import mujoco
from node_rig import values_of
import numpy as np
import pytest
from rclpy.parameter import Parameter
from robot_policies.core.data_types import JointCommand
from robot_policies.core.errors import RobotPoliciesError
from robot_policies.core.rotations import yaw
from robot_policies.nodes.encoder_node import EncoderNode
from robot_policies.nodes.locomotion_node import LocomotionNode
from robot_policies.nodes.policy_node import PolicyNode
from robot_policies.nodes.safety_node import SafetyNode
from robot_policies.nodes.sim_node import SimNode
from robot_policies.ros import topics
from robot_policies.ros.codecs.base import imu_from_msg, odometry_from_msg
from robot_policies.ros.codecs.header import stamp_ns
from robot_policies.ros.codecs.images import image_from_msg
from robot_policies.ros.codecs.joints import joint_command_to_msg, joint_state_from_msg
from robot_policies.ros.codecs.scan import scan_from_msg
from robot_policies.sim.eyes import Eyes

pytestmark = pytest.mark.ros
PATIENT = {'simulator__command_timeout_s': 0.8}
"""A busy machine may stop the process for a while; the shipped 100 ms have a unit test."""


@pytest.fixture
def wait_for(wait_for):
    return partial(wait_for, timeout_s=40.0)


def start(rig, world='empty', **parameters):
    return rig.active(SimNode, world__name=world, **parameters)


def command(rig, **interfaces):
    """Make a function for `rig.feed` that repeats one joint command."""

    def make(now_ns):
        value = JointCommand(now_ns, **interfaces)
        message = topics.JOINT_COMMAND.type()
        joint_map = rig.robot.joint_map()
        return topics.JOINT_COMMAND, joint_command_to_msg(value, joint_map, message)

    return make


def stand(rig):
    return rig.feed(100.0, command(rig, position=rig.robot.default_pose))


def facts(node):
    return values_of(node.diagnostics.status())


def height(heard):
    return heard[-1].pose.pose.position.z if heard else np.nan


def call_reset(rig, wait_for):
    client = rig.helper.create_client(topics.SIM_RESET.type, topics.SIM_RESET.name)
    wait_for(client.service_is_ready)
    future = client.call_async(topics.SIM_RESET.type.Request())
    wait_for(future.done)
    return future.result()


def test_every_sensor_speaks_as_the_interfaces_say(rig, wait_for):
    wanted = {
        topic.name: (topic, rig.hear(topic))
        for topic in (
            topics.JOINT_STATES,
            topics.IMU,
            topics.ODOM,
            topics.SCAN,
            topics.camera_image('front'),
            topics.camera_info('front'),
            topics.CLOCK,
            topics.SIM_GROUND_TRUTH,
            topics.SIM_OBJECTS,
            topics.SIM_CONTACTS,
        )
    }
    before_ns = rig.now_ns()
    start(rig, 'arena')
    wait_for(lambda: all(len(heard) > 0 for _, heard in wanted.values()), what='every topic')
    first = {name: heard[-1] for name, (_, heard) in wanted.items()}
    joints = joint_state_from_msg(first['joint_states'], rig.robot.joint_map())
    assert joints.position == pytest.approx(rig.robot.default_pose, abs=1.5)
    assert np.isfinite(joints.effort).all()
    assert imu_from_msg(first['imu/data']).linear_acceleration.shape == (3,)
    odometry = odometry_from_msg(first['odom'])
    assert odometry.position[:2] == pytest.approx([-3.6, 0.0], abs=0.3)
    assert (first['odom'].header.frame_id, first['odom'].child_frame_id) == ('odom', 'base')
    assert len(scan_from_msg(first['scan']).ranges) == rig.robot.scan.rays
    image = image_from_msg(first['camera/front/image_raw'])
    assert image.pixels.shape == (240, 320, 3)
    assert image.pixels.std() > 10.0
    assert first['camera/front/camera_info'].k[4] == pytest.approx(120.0 / np.tan(0.6))
    assert {marker.ns for marker in first['sim/objects'].markers} >= {'large red ball', 'wall'}
    for name in ('joint_states', 'imu/data', 'odom', 'scan', 'camera/front/image_raw'):
        assert before_ns < stamp_ns(first[name]) <= rig.now_ns()


def test_the_slow_sensors_share_the_stamp_of_a_moment_and_move_on(rig, wait_for):
    images, infos = rig.hear(topics.camera_image('front')), rig.hear(topics.camera_info('front'))
    start(rig)
    wait_for(lambda: len(images) > 3 and len(infos) > 3)
    stamps = [stamp_ns(message) for message in list(images)]
    assert stamps == sorted(set(stamps))
    assert set(stamps[1:3]) <= {stamp_ns(message) for message in list(infos)}


def test_it_stands_while_it_is_commanded_and_sinks_when_commands_cease(rig, wait_for):
    truth = rig.hear(topics.SIM_GROUND_TRUTH)
    node = start(rig, **PATIENT)
    feeder = stand(rig)
    wait_for(lambda: facts(node)['damped'] == 'False')
    wait_for(lambda: height(truth) > 0.25, what='standing')
    feeder.stop()
    wait_for(lambda: height(truth) < 0.2, what='sinking')
    assert facts(node)['damped'] == 'True'
    assert facts(node)['falls'] == '0'


def test_what_is_no_command_is_counted_and_does_not_keep_it_up(rig, wait_for):
    truth = rig.hear(topics.SIM_GROUND_TRUTH)
    node = start(rig, **PATIENT)
    nan = np.full(12, np.nan)

    def short(now_ns):
        topic, message = command(rig, position=rig.robot.default_pose)(now_ns)
        message.name, message.position = message.name[:-1], message.position[:-1]
        return topic, message

    feeder = rig.feed(100.0, command(rig, position=nan))
    wait_for(lambda: int(facts(node)['commands_refused']) > 3)
    assert 'is not finite' in facts(node)['refusal']
    feeder.stop()
    rig.feed(100.0, short)
    wait_for(lambda: 'RR_calf_joint are missing' in facts(node)['refusal'])
    wait_for(lambda: height(truth) < 0.2, what='sinking')
    assert facts(node)['commands_accepted'] == '0'


def test_a_push_moves_it_and_one_that_is_not_finite_does_not(rig, wait_for):
    truth = rig.hear(topics.SIM_GROUND_TRUTH)
    node = start(rig)
    wait_for(lambda: height(truth) < 0.2, what='lying')
    rig.say(topics.SIM_PUSH, Vector3(x=float('nan')))
    rig.say(topics.SIM_PUSH, Vector3(x=0.0, y=1.5))
    wait_for(lambda: node._run.simulator.pushes == 1)
    wait_for(lambda: truth[-1].pose.pose.position.y > 0.02, what='being pushed')
    assert np.isfinite(node._run.simulator.data.qpos).all()


def test_a_reset_takes_the_seed_that_was_set(rig, wait_for):
    objects, contacts = rig.hear(topics.SIM_OBJECTS), rig.hear(topics.SIM_CONTACTS)
    truth = rig.hear(topics.SIM_GROUND_TRUTH)
    node = start(rig, 'instruction_eval', world__seed=1)
    wait_for(lambda: objects and truth)
    assert call_reset(rig, wait_for).message == 'world instruction_eval, seed 1'
    before = {marker.ns: marker.pose.position.x for marker in objects[-1].markers}
    assert node.set_parameters([Parameter('world.seed', value=2)])[0].successful
    answer = call_reset(rig, wait_for)
    assert answer.success
    assert answer.message == 'world instruction_eval, seed 2'
    wait_for(lambda: len(objects) > 2)
    after = {marker.ns: marker.pose.position.x for marker in objects[-1].markers}
    assert after != before
    assert facts(node)['seed'] == '2'
    assert facts(node)['world'] == 'instruction_eval'
    place = node._run.stage.world.start
    wait_for(lambda: abs(truth[-1].pose.pose.position.x - place[0]) < 0.2, what='the new start')
    turned = truth[-1].pose.pose.orientation
    quaternion = np.array([turned.x, turned.y, turned.z, turned.w])
    assert float(yaw(quaternion)) == pytest.approx(place[2], abs=0.3)
    wait_for(lambda: {'event': 'reset', 'world': 'instruction_eval', 'seed': 2}
             in [json.loads(message.data) for message in list(contacts)])  # fmt: skip


def test_a_seed_that_is_none_is_refused(rig):
    node = start(rig)
    for name, value in (('world.seed', -1), ('world.seed', 'two'), ('world.name', 'rough')):
        assert not node.set_parameters([Parameter(name, value=value)])[0].successful


def test_collisions_are_told(rig, wait_for, tmp_path):
    world = tmp_path / 'narrow.yaml'
    world.write_text(
        'arena: {start: [0.0, 0.0, 0.0]}\n'
        'items: [{colour: red, shape: ball, size: large, x_m: 0.95, y_m: 0.0}]\n'
    )
    contacts = rig.hear(topics.SIM_CONTACTS)
    node = start(rig, str(world), **PATIENT)
    stand(rig)
    wait_for(lambda: facts(node)['damped'] == 'False')

    def told():
        rig.say(topics.SIM_PUSH, Vector3(x=0.5))
        events = [json.loads(message.data) for message in list(contacts)]
        return [e for e in events if e['event'] == 'collision' and 'large red ball' in e['detail']]

    wait_for(told, what='a collision')
    assert int(facts(node)['collisions']) > 0


def test_faster_than_real_time_it_is_the_source_of_time(rig, wait_for):
    clock, joints = rig.hear(topics.CLOCK), rig.hear(topics.JOINT_STATES)
    node = start(rig, real_time_factor=0.0)
    wait_for(lambda: len(clock) > 100 and len(joints) > 100)
    times = [message.clock.sec * 10**9 + message.clock.nanosec for message in list(clock)]
    assert set(np.diff(times)) >= {5_000_000}
    assert all(step % 5_000_000 == 0 for step in np.diff(times))
    assert times[0] < 10**12  # not the system's clock
    assert stamp_ns(joints[-1]) < 10**12
    wait_for(lambda: float(facts(node)['simulated_s']) > 1.0)


def test_a_machine_that_cannot_keep_up_is_reported(rig, wait_for):
    node = start(rig, real_time_factor=100.0)
    wait_for(lambda: 'cannot keep up' in node.diagnostics.status().message)
    assert 0.0 < float(facts(node)['real_time_factor']) < 95.0


@pytest.mark.parametrize(
    ('parameters', 'words'),
    [
        ({'world__name': 'aren'}, 'did you mean arena'),
        ({'world__nmae': 'arena'}, 'did you mean name'),
        ({'simulator__physics_step_s': 0.004}, 'does not divide'),
        ({'noise__scan_m': -1.0}, 'outside'),
    ],
    ids=['world', 'parameter', 'step', 'range'],
)
def test_wrong_parameters_keep_it_from_configuring(rig, parameters, words):
    assert words in rig.refusal(SimNode, **parameters)


def test_without_graphics_it_does_not_configure_and_says_what_to_install(rig, monkeypatch):
    def missing(*_):
        raise ImportError('libEGL.so.1')

    monkeypatch.setattr(mujoco, 'GLContext', missing)
    assert 'apt-get install libegl1' in rig.refusal(SimNode, world__name='empty')


def test_a_failing_camera_is_reported_while_the_robot_goes_on(rig, wait_for, monkeypatch):
    joints = rig.hear(topics.JOINT_STATES)
    node = start(rig)

    def broken(*_):
        raise RobotPoliciesError('the camera is broken')

    monkeypatch.setattr(Eyes, 'image', broken)
    wait_for(lambda: 'the camera is broken' in node.diagnostics.status().message)
    count = len(joints)
    wait_for(lambda: len(joints) > count + 20)


def test_it_can_be_stopped_started_and_cleaned_up(rig, wait_for):
    joints = rig.hear(topics.JOINT_STATES)
    node = start(rig)
    wait_for(lambda: joints)
    node.trigger_deactivate()
    assert not call_reset(rig, wait_for).success
    node.trigger_activate()
    count = len(joints)
    wait_for(lambda: len(joints) > count + 5)
    node.trigger_deactivate()
    node.trigger_cleanup()
    node.trigger_configure()
    node.trigger_activate()
    count = len(joints)
    wait_for(lambda: len(joints) > count + 5)


def test_no_node_of_the_control_path_listens_to_what_only_a_simulation_knows(rig, wait_for):
    start(rig)
    rig.active(SafetyNode)
    rig.active(LocomotionNode, controller__plugin='plugins_for_tests:EchoController')
    rig.active(EncoderNode, encoder__plugin='plugins_for_tests:MeanEncoder')
    rig.active(PolicyNode, policy__plugin='plugins_for_tests:StraightPolicy')
    private = [value for name, value in vars(topics).items() if name.startswith('SIM_')]
    listeners = {
        info.node_name
        for topic in private
        for info in rig.helper.get_subscriptions_info_by_topic(topic.name)
    }
    assert listeners <= {'sim'}
    # the same question finds those who do listen
    rig.hear(topics.SIM_GROUND_TRUTH)
    ask = rig.helper.get_subscriptions_info_by_topic
    wait_for(lambda: any(i.node_name == 'helper' for i in ask(topics.SIM_GROUND_TRUTH.name)))
