# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Real nodes from camera to motors: their chains, live, recorded, and in simulated time."""

import json
import time

from node_rig import UPRIGHT, values_of
import numpy as np
import plugins_for_tests
import pytest
from robot_policies.cli.main import main
from robot_policies.core.data_types import Image, Imu, JointState, Odometry, Scan
from robot_policies.core.trace import APPLIED, last_spans, SpanStore
from robot_policies.nodes.encoder_node import EncoderNode
from robot_policies.nodes.locomotion_node import LocomotionNode
from robot_policies.nodes.policy_node import PolicyNode
from robot_policies.nodes.recorder_node import RecorderNode
from robot_policies.nodes.safety_node import SafetyNode
from robot_policies.nodes.trace_node import TraceNode
from robot_policies.ros import topics
from robot_policies.ros.codecs.base import imu_to_msg, odometry_to_msg
from robot_policies.ros.codecs.images import image_to_msg
from robot_policies.ros.codecs.joints import joint_command_from_msg, joint_state_to_msg
from robot_policies.ros.codecs.scan import scan_to_msg
from robot_policies.ros.lifecycle import ManagedNode
from robot_policies.ros.loops import ControlLoop
from robot_policies.ros.trace_listener import TraceListener
from robot_policies.ros.tracing import RobotTrace, TracedConfig
from safety_rig import PATIENT

IMAGE = 'camera/front/image_raw'
FEATURES = 'features/image'
WHOLE = (IMAGE, FEATURES, 'policy/chunk', 'policy/cmd_vel', 'cmd_vel', 'locomotion/command')
WHOLE = (*WHOLE, 'joint_command', APPLIED)
PERIOD_NS = 10_000_000
LONG_AGO_NS = 1_000_000_000_000
pytestmark = pytest.mark.ros


class StandingRobot(ManagedNode):
    """Publishes what a standing robot senses, takes its commands, and may make the time."""

    default_name = 'robot'
    config_class = TracedConfig
    time_ns = None

    def _setup(self):
        self._map = self.robot.joint_map()
        self._trace = RobotTrace(self)
        if self.time_ns is not None:
            self._trace.now_ns = lambda: self.time_ns
        joint_map = self.robot.joint_map()
        self._commands = self.latest(
            topics.JOINT_COMMAND, lambda m: joint_command_from_msg(m, joint_map)
        )
        names = (topics.JOINT_STATES, topics.IMU, topics.ODOM, topics.SCAN, topics.CLOCK)
        self._out = {t.name: self.publisher(t) for t in (*names, topics.camera_image('front'))}
        self._tick = 0
        self._loop = ControlLoop('robot', 1e9 / PERIOD_NS, self._step)
        self.own(self._loop.stop)

    def _start(self):
        self._loop.start()

    def _step(self):
        if self.time_ns is not None:
            self.time_ns += PERIOD_NS
            clock = topics.CLOCK.type()
            clock.clock.sec, clock.clock.nanosec = divmod(self.time_ns, 10**9)
            self._out['/clock'].publish(clock)
        now_ns = self.now_ns() if self.time_ns is None else self.time_ns
        if self._commands.poll():
            self._trace.applied(self._commands.slot.newest().stamp_ns, now_ns)
        self._sense(now_ns)
        self._tick += 1

    def _sense(self, now_ns):
        zeros, still = np.zeros(3), np.zeros(len(self.robot.joints))
        base = Odometry(now_ns, np.array([0, 0, 0.3]), UPRIGHT, zeros, zeros)
        self._say(topics.ODOM, lambda m: odometry_to_msg(base, 'odom', 'base', m))
        imu = Imu(now_ns, UPRIGHT, zeros, np.array([0.0, 0.0, 9.81]))
        self._say(topics.IMU, lambda m: imu_to_msg(imu, 'base', m))
        if self._tick % 5 == 0:
            scan = Scan(now_ns, -np.pi, np.pi / 18.0, 0.05, 8.0, np.full(36, 7.0))
            self._say(topics.SCAN, lambda m: scan_to_msg(scan, 'base', m))
            image = Image(now_ns, np.full((24, 32, 3), 99, dtype=np.uint8))
            self._say(topics.camera_image('front'), lambda m: image_to_msg(image, 'front', m))
            self._trace.measured(IMAGE, now_ns)
        joints = JointState(now_ns, self.robot.default_pose, still, still)
        self._say(topics.JOINT_STATES, lambda m: joint_state_to_msg(joints, self._map, m))
        self._trace.measured('joint_states', now_ns)

    def _say(self, topic, fill):
        self._out[topic.name].publish(fill(topic.type()))


class SimulatedTimeRobot(StandingRobot):
    """Its time began at another instant than everybody's."""

    time_ns = LONG_AGO_NS


@pytest.fixture
def rig(rig):
    plugins_for_tests.release.clear()
    yield rig
    plugins_for_tests.release.set()


def start(rig, **parameters):
    """Start everything; give `simulated=True` for simulated time."""
    simulated = parameters.pop('simulated', False)
    clock = {'use_sim_time': simulated}
    patient = {name.replace('.', '__'): value for name, value in PATIENT.items()}
    rig.active(EncoderNode, encoder__plugin='plugins_for_tests:MeanEncoder', **clock)
    rig.active(SafetyNode, **patient, **clock)
    rig.active(
        LocomotionNode,
        controller__plugin='plugins_for_tests:StandingController',
        state_timeout_s=1.0,
        command_timeout_s=1.5,
        **clock,
    )
    limits = {'camera_timeout_s': 5.0, 'max_skew_s': 5.0, 'odom_timeout_s': 5.0}
    rig.active(
        PolicyNode,
        policy__plugin='plugins_for_tests:StraightPolicy',
        policy__inputs=['features/image'],
        **limits,
        **parameters,
        **clock,
    )
    rig.active(SimulatedTimeRobot if simulated else StandingRobot)
    rig.instruct('walk on')


def whole_chains(spans):
    """Return the chains that begin with a picture, by the topics on their way."""
    store = SpanStore()
    for span in spans:
        store.add(span)
    chains = [chain for last in last_spans(spans) for chain in store.chains(last)]
    return [chain for chain in chains if chain.origin.topic == IMAGE]


@pytest.mark.parametrize('simulated', [False, True], ids=['system_time', 'simulated_time'])
def test_every_command_leads_back_to_its_picture(rig, wait_for, simulated):
    listener = TraceListener(rig.helper)
    spans = []
    start(rig, simulated=simulated)

    def enough():
        spans.extend(listener.poll())
        return len(whole_chains(spans)) > 20

    before_ns = time.time_ns()
    wait_for(enough, timeout_s=60.0, what='twenty chains')
    chains = whole_chains(spans)
    assert {chain.topics for chain in chains} == {WHOLE}
    for chain in chains:
        assert sum(chain.hops_ns()) == chain.elapsed_ns
        assert simulated or 0 <= chain.elapsed_ns < 60e9
        for hop in chain.spans:  # one clock, whatever others a process has
            assert hop.begin_ns <= hop.end_ns
        nodes = [span.node for span in chain.spans]
        assert nodes[:3] == ['/robot', '/encoder_image', '/policy']
        assert nodes[-1] == '/robot'
        # each rests on what was there before it
        for before, after in zip(chain.spans, chain.spans[1:], strict=False):
            assert before.output in after.causes
            # each node hears of simulated time by itself, some of them later
            assert simulated or before.begin_ns <= after.end_ns
    instants = [span.end_ns for chain in chains for span in chain.spans]
    if simulated:
        assert min(instants) >= LONG_AGO_NS
        assert max(instants) < 2 * LONG_AGO_NS
    else:
        assert before_ns - 60e9 < min(instants)
        assert max(instants) <= time.time_ns()
    assert listener.refused == 0


def test_quantiles_are_on_diagnostics_and_the_recording_gives_a_trace_file(
    rig, wait_for, tmp_path, capsys
):
    diagnostics = rig.hear(topics.DIAGNOSTICS)
    recorder = rig.active(RecorderNode, run_dir=str(tmp_path), flush_s=0.1)
    rig.active(TraceNode)
    start(rig)
    said = {}

    def reported():
        for message in list(diagnostics):
            said.update({status.name: values_of(status) for status in message.status})
        return f'{IMAGE} via {FEATURES} | reaction_p50_ms' in said.get('/trace', {})

    wait_for(reported, timeout_s=60.0, what='the route on /diagnostics')
    values = said['/trace']
    assert f'{IMAGE} via {FEATURES} | 8 {APPLIED}_p99_ms' in values
    assert float(values['joint_states | reaction_p50_ms']) > 0.0
    assert not [key for key in values if key.startswith('untold')]
    recorder.trigger_deactivate()
    recorder.trigger_cleanup()
    out = tmp_path / 'trace.json'
    assert main(['trace', '--recording', str(tmp_path), '--out', str(out)]) == 0
    text = capsys.readouterr().out
    assert f'{IMAGE} via {FEATURES} -> robot' in text
    events = json.loads(out.read_text())['traceEvents']
    assert {event['ph'] for event in events} == {'M', 'X', 's', 'f'}
    slices = {event['name'] for event in events if event['ph'] == 'X'}
    assert slices >= set(WHOLE)


def test_a_node_that_does_not_trace_is_named_and_nothing_is_made_up(rig, wait_for):
    diagnostics = rig.hear(topics.DIAGNOSTICS)
    rig.active(TraceNode)
    start(rig, trace=False)
    said = {}

    def reported():
        for message in list(diagnostics):
            said.update({status.name: values_of(status) for status in message.status})
        wanted = {'untold policy/cmd_vel', 'joint_states | reaction_p50_ms'}
        return wanted <= said.get('/trace', {}).keys()

    wait_for(reported, timeout_s=60.0, what='the gap on /diagnostics')
    assert not [key for key in said['/trace'] if key.startswith('camera/')]
    assert float(said['/trace']['joint_states | reaction_p50_ms']) > 0.0
