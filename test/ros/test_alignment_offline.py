# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What a policy saw live is what its recording gives, to the bit."""

from dataclasses import fields, is_dataclass
import json

from node_rig import NodeRig, values_of
import numpy as np
import plugins_for_tests
import pytest
from robot_policies.cli.main import main
from robot_policies.core.data_types import Image, JointState, Observation, Odometry, Scan
from robot_policies.core.source_history import Align, SourceRule
from robot_policies.data.observation_replay import replay_observations
from robot_policies.nodes.policy_node import PolicyNode
from robot_policies.nodes.recorder_node import RecorderNode
from robot_policies.ros import topics
from robot_policies.ros.codecs.base import odometry_to_msg
from robot_policies.ros.codecs.images import image_to_msg
from robot_policies.ros.codecs.joints import joint_state_to_msg
from robot_policies.ros.codecs.scan import scan_to_msg

MS = 1_000_000
LATE_NS = 55 * MS
"""So late do images come: what was true then lies between samples of odometry."""
INPUTS = ['camera/front', 'scan', 'joints']
pytestmark = pytest.mark.ros


class MovingRobot:
    """Sensors of a robot that moves: no two samples are alike."""

    def __init__(self, rig):
        self.map = rig.robot.joint_map()
        self.count = len(rig.robot.joints)

    def odom(self, now_ns):
        angle = now_ns % 10**10 / 1e9
        turned = np.array([0.0, 0.0, np.sin(angle / 2), np.cos(angle / 2)])
        value = Odometry(now_ns, np.full(3, angle), turned, np.full(3, angle), np.full(3, -angle))
        return topics.ODOM, odometry_to_msg(value, 'odom', 'base', topics.ODOM.type())

    def joints(self, now_ns):
        values = np.sin(np.arange(self.count) + now_ns % 10**10 / 1e9)
        value = JointState(now_ns, values, 2.0 * values, np.full(self.count, np.nan))
        return topics.JOINT_STATES, joint_state_to_msg(value, self.map, topics.JOINT_STATES.type())

    def scan(self, now_ns):
        ranges = np.linspace(1.0, 2.0 + now_ns % 10**9 / 1e9, 36)
        value = Scan(now_ns, -np.pi, np.pi / 18.0, 0.05, 8.0, ranges)
        return topics.SCAN, scan_to_msg(value, 'base', topics.SCAN.type())

    def image(self, now_ns):
        pixels = np.random.default_rng(now_ns).integers(0, 256, (24, 32, 3), dtype=np.uint8)
        value = Image(now_ns - LATE_NS, pixels)
        topic = topics.camera_image('front')
        return topic, image_to_msg(value, 'front', topic.type())


def bits(value):
    """Return everything in a value, arrays as bytes."""
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tobytes()
    if is_dataclass(value):
        return tuple(bits(getattr(value, field.name)) for field in fields(value))
    if isinstance(value, dict):
        return tuple((key, bits(item)) for key, item in value.items())
    return value


@pytest.fixture
def run(ros_domain, tmp_path, wait_for):
    """A recorded run of a policy; gives its path and what the policy saw."""
    rig = NodeRig(ros_domain)
    diagnostics = rig.hear(topics.DIAGNOSTICS)
    recorder = rig.active(RecorderNode, run_dir=str(tmp_path), flush_s=0.1)
    node = rig.active(
        PolicyNode,
        policy__plugin='plugins_for_tests:StraightPolicy',
        policy__inputs=INPUTS,
        odom_align='interpolate',
        joints_align='interpolate',
        scan_align='hold',
        max_skew_s=1.0,
        joints_timeout_s=2.0,
        odom_timeout_s=2.0,
        scan_timeout_s=2.0,
        camera_timeout_s=2.0,
        inference_hz=20.0,
    )
    robot = MovingRobot(rig)
    rig.feed(50.0, robot.odom)
    rig.feed(100.0, robot.joints)
    rig.feed(12.0, robot.scan)
    rig.feed(15.0, robot.image)
    rig.instruct('walk on')
    asked = node._run.policy.asked
    wait_for(lambda: len(asked) > 31, timeout_s=30.0, what='thirty inferences')
    said = {}

    def has_ages():
        for message in list(diagnostics):
            said.update({status.name: values_of(status) for status in message.status})
        return 'camera/front_age_p50_ms' in said.get('/policy', {})

    wait_for(has_ages, what='ages on /diagnostics')
    plugins_for_tests.release.set()
    recorder.trigger_deactivate()
    recorder.trigger_cleanup()  # completes the file
    seen = {observation.stamp_ns: observation for observation in asked[1:]}
    yield tmp_path / 'recording.mcap', seen, said['/policy'], rig.robot
    rig.close()


def test_the_recording_gives_the_same_observations_and_their_ages(run, capsys):
    path, live, said, robot = run
    again = list(replay_observations(path, robot))
    same = [item for item in again if item.is_same]
    assert len(again) >= 30
    whole = [item for item in again if not item.lost]
    assert len(whole) >= 0.9 * len(again), 'messages were lost on one of the ways'
    assert all(item.is_same for item in whole)
    compared = [item for item in same if item.observation.stamp_ns in live]
    assert len(compared) >= 25
    for item in compared:
        assert bits(item.observation) == bits(live[item.observation.stamp_ns])
    between = [use for item in compared for use in item.observation.sources if use.name == 'odom']
    assert sum(len(use.stamps_ns) == 2 for use in between) > 0.8 * len(between)
    assert all(item.record.instruction == 'walk on' for item in compared)

    assert float(said['camera/front_age_p50_ms']) >= LATE_NS / MS
    assert float(said['camera/front_skew_max_ms']) == 0.0
    assert 0.0 < float(said['odom_skew_p50_ms']) <= float(said['odom_skew_max_ms'])

    # aligned anew in another way, at the same instants
    rule = SourceRule(Align.HOLD, 2_000 * MS, 1_000 * MS)
    held = replay_observations(
        path, robot, dict.fromkeys(('camera', 'scan', 'joints', 'odom'), rule)
    )
    taken = [item.observation for item in held if isinstance(item.observation, Observation)]
    assert len(taken) >= 25
    assert all(value.odometry.stamp_ns <= value.stamp_ns for value in taken)

    assert main(['align', str(path), '--json', str(path.parent / 'aligned.json')]) == 0
    result = json.loads((path.parent / 'aligned.json').read_text())
    assert result['inferences'] == len(again)
    assert result['same'] == len(same)
    assert result['sources']['odom']['align'] == 'interpolate'
    assert 'camera/front' in capsys.readouterr().out
