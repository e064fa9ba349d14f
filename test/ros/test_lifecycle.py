# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The base of the nodes: errors that are told, resources that are let go of, parameters."""

from dataclasses import dataclass
import os
import threading

from node_rig import values_of
import pytest
import rclpy
from rclpy.context import Context
from rclpy.lifecycle import TransitionCallbackReturn
from rclpy.parameter import Parameter
from robot_policies.core.errors import ConfigError
from robot_policies.core.params import param
from robot_policies.ros import topics
from robot_policies.ros.lifecycle import ManagedNode, NodeConfig
from robot_policies.ros.real_time import ANSWERS, is_granted, middleware_threads
from scheduled_threads import all_ordinary, scheduled, scheduled_as

pytestmark = pytest.mark.ros


@dataclass(frozen=True, kw_only=True)
class ProbeConfig(NodeConfig):
    rate_hz: float = param(100.0, doc='Rate.', unit='Hz', low=1.0, high=1000.0)
    count: int = param(3, doc='Count.', low=0, high=9)
    mode: str = param('calm', doc='Mode.', choices=('calm', 'wild'))
    names: tuple[str, ...] = param((), doc='Names.')
    live: float = param(1.0, doc='May change.', low=0.0, high=2.0)


class Probe(ManagedNode):
    default_name = 'probe'
    config_class = ProbeConfig
    fails_in = ''

    def _setup(self):
        self.log = []
        self.ticks = 0
        self.publisher(topics.CMD_VEL)
        self.every(self.config.rate_hz, self._tick, 'tick')
        self._fail('setup')

    def _start(self):
        self.log.append('start')
        self._fail('start')

    def _stop(self):
        self.log.append('stop')

    def _teardown(self):
        self.log.append('teardown')

    def _tick(self):
        self.ticks += 1
        self._fail('tick')

    def _fail(self, where):
        if self.fails_in == where:
            raise RuntimeError(f'broken in {where}')


def state(node):
    return node._state_machine.current_state[1]


@pytest.fixture
def ordinary_again():
    """Take from this process's threads what a node in it has given them."""
    yield
    all_ordinary()


@pytest.mark.skipif(not is_granted(), reason='no right to run in real time')
def test_loops_and_middleware_run_in_real_time_if_a_node_is_told_so(rig, wait_for, ordinary_again):
    rig.active(Probe)
    assert scheduled('tick') == [(os.SCHED_OTHER, 0)]
    rig.active(Probe, real_time_priority=7)
    wait_for(lambda: (os.SCHED_RR, 7) in scheduled('tick'))
    assert {scheduled_as(thread) for thread in middleware_threads()} == {(os.SCHED_RR, 7)}
    assert scheduled_as(0) == (os.SCHED_RR, ANSWERS)  # the executor's thread


def test_the_middlewares_threads_end_with_the_node(ros_domain):
    context = Context()
    rclpy.init(context=context, domain_id=ros_domain)
    before = set(middleware_threads())
    node = Probe(context=context)
    node.trigger_configure()
    node.trigger_activate()
    assert set(middleware_threads()) > before
    node.trigger_shutdown()
    node.destroy_node()
    context.shutdown()
    assert set(middleware_threads()) <= before  # though `node` is still referred to


def test_loops_run_only_while_the_node_is_active(rig, wait_for):
    node = rig.node(Probe)
    node.trigger_configure()
    assert node.ticks == 0
    node.trigger_activate()
    wait_for(lambda: node.ticks > 3)
    node.trigger_deactivate()
    ticks = node.ticks
    assert node.log == ['start', 'stop']
    assert not [thread for thread in threading.enumerate() if thread.name == 'tick']
    node.trigger_cleanup()
    assert node.ticks == ticks
    assert node.log == ['start', 'stop', 'teardown']


def test_a_failure_to_set_up_leaves_nothing_behind_and_is_told(rig, capfd):
    node = rig.node(Probe)
    node.fails_in = 'setup'
    assert node.trigger_configure() == TransitionCallbackReturn.FAILURE
    assert state(node) == 'unconfigured'
    assert not node.failed_by_user
    assert not [p for p in node.publishers if p.topic_name == '/cmd_vel']
    assert node._loops == []
    assert node.diagnostics.status().message == "RuntimeError('broken in setup')"
    said = capfd.readouterr().err
    assert 'cannot configure' in said
    assert 'Traceback' in said
    node.fails_in = ''
    assert node.trigger_configure() == TransitionCallbackReturn.SUCCESS


def test_a_failure_to_start_leaves_the_node_inactive_without_loops(rig):
    node = rig.node(Probe)
    node.trigger_configure()
    node.fails_in = 'start'
    assert node.trigger_activate() == TransitionCallbackReturn.FAILURE
    assert state(node) == 'inactive'
    assert node.ticks == 0


def test_a_loop_that_raises_goes_on_and_says_so_once(rig, wait_for, capfd):
    node = rig.active(Probe)
    node.fails_in = 'tick'
    ticks = node.ticks
    wait_for(lambda: node.ticks > ticks + 5)
    assert 'broken in tick' in node.diagnostics.status().message
    assert capfd.readouterr().err.count('tick failed') == 1
    node.fails_in = ''
    wait_for(lambda: node.diagnostics.status().message == 'ok')


def test_wrong_parameters_are_told_all_at_once(rig):
    words = rig.refusal(Probe, rate_hz=0.0, count=10, mode='mad', nmaes=['a'])
    assert 'rate_hz: 0.0 is outside [1, 1000] Hz' in words
    assert 'count: 10 is outside [0, 9]' in words
    assert "'mad' is none of calm, wild" in words
    assert 'nmaes is unknown, did you mean names?' in words


def test_parameters_carry_documentation_unit_and_range(rig):
    node = rig.active(Probe, rate_hz=50)  # an integer is a float here
    assert node.config.rate_hz == 50.0
    described = node.describe_parameter('rate_hz')
    assert described.description == 'Rate. [Hz]'
    assert described.floating_point_range[0].to_value == 1000.0
    assert 'calm, wild' in node.describe_parameter('mode').additional_constraints
    assert node.get_parameter('names').value == []


def test_a_list_comes_through(rig):
    assert rig.active(Probe, names=['a', 'b']).config.names == ('a', 'b')


def test_a_parameter_that_is_read_at_start_cannot_be_changed_later(rig):
    node = rig.active(Probe)
    answer = node.set_parameters([Parameter('count', value=4)])[0]
    assert not answer.successful
    assert 'set it at start' in answer.reason
    assert node.get_parameter('count').value == 3


def test_a_live_parameter_reaches_the_node_and_may_be_refused(rig):
    node = rig.active(Probe)
    heard = []

    def apply(change):
        heard.append(change)
        if change['live'] > 1.5:
            raise ConfigError('live', ['too much'])

    node.parameters.declare(ProbeConfig, live=('live',))
    node.parameters.on_change('live', apply)
    assert node.set_parameters([Parameter('live', value=1.2)])[0].successful
    answer = node.set_parameters([Parameter('live', value=1.8)])[0]
    assert answer.reason == 'live: too much'
    assert node.get_parameter('live').value == 1.2
    assert not node.set_parameters([Parameter('live', value=3.0)])[0].successful
    assert [change['live'] for change in heard] == [1.2, 1.8]


def test_diagnostics_come_by_themselves_whatever_the_state(rig, wait_for):
    heard = rig.hear(topics.DIAGNOSTICS)
    node = rig.node(Probe)
    wait_for(lambda: heard)
    node.trigger_configure()
    node.trigger_activate()
    wait_for(lambda: 'tick_ticks' in values_of(heard[-1].status[0]))
    assert heard[-1].status[0].name == '/probe'
