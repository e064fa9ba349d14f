# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The layers above the limits in the real safety node: rules from a file, novelty, barriers."""

from diagnostic_msgs.msg import DiagnosticStatus, KeyValue
import numpy as np
import pytest
from rclpy.lifecycle import TransitionCallbackReturn
from robot_policies.core.novelty import Novelty
from robot_policies.ros import topics
from robot_policies.ros.codecs.novelty import novelty_to_msg
from safety_rig import PATIENT, safety_rig

pytestmark = pytest.mark.ros
BARRIERS = (
    'robot_policies.safety.joint_barrier:JointBarrier',
    'robot_policies.safety.base_barrier:BaseBarrier',
)


def test_a_rule_from_a_file_stops_the_base_and_names_itself(ros_domain, wait_for, tmp_path):
    path = tmp_path / 'own.yaml'
    path.write_text(
        'rules: [{name: no_rush, says: nobody is in a hurry, '
        'formula: not commands_faster(0.15), severity: HOLD}]'
    )
    with safety_rig({**PATIENT, 'rules': str(path)}) as rig:
        wait_for(lambda: 'nobody is in a hurry' in rig.words, 20.0, 'the rule in the status')
        wait_for(lambda: rig.velocities and not rig.base.any(), 10.0, 'a standing base')
        rig.walk = (0.1, 0.0, 0.0)
        wait_for(lambda: rig.base[0] > 0.05, 15.0, 'walking slowly')


def test_a_rule_that_cannot_be_read_does_not_configure(ros_domain, tmp_path):
    path = tmp_path / 'own.yaml'
    path.write_text('rules: [{name: typo, formula: not mooves(0.15)}]')
    with safety_rig({'rules': str(path)}, activate=False) as rig:
        assert rig.safety.trigger_configure() != TransitionCallbackReturn.SUCCESS
        assert 'did you mean moves' in rig.safety.failure


def test_novelty_holds_and_calm_lets_the_robot_go_on(ros_domain, wait_for):
    patient = {'feature_novelty.silent_s': 20.0, 'feature_novelty.hold_after_s': 1.0}
    with safety_rig({**PATIENT, **patient, 'novelty': 'go2_camera_novelty'}) as rig:
        publisher = rig.node.create_publisher(topics.NOVELTY.type, topics.NOVELTY.name, 1)

        def say(ratio):
            novelty = Novelty(rig.now_ns(), ratio, f'ratio {ratio}')
            message = topics.NOVELTY.type()
            message = novelty_to_msg(novelty, 'test', message, DiagnosticStatus(), KeyValue())
            publisher.publish(message)
            return True

        wait_for(lambda: say(0.2) and rig.walking(), 20.0, 'walking')
        wait_for(lambda: say(3.0) and 'unlike the training data' in rig.words, 20.0, 'words')
        wait_for(lambda: say(3.0) and not rig.base.any(), 20.0, 'a standing base')
        wait_for(lambda: say(0.2) and rig.walking(), 20.0, 'walking again')


def test_with_barriers_a_near_wall_slows_the_base_and_the_robot_stays_engaged(
    ros_domain, wait_for
):
    with safety_rig({**PATIENT, 'checks': list(BARRIERS)}) as rig:
        rig.walk = (0.6, 0.0, 0.0)
        wait_for(lambda: rig.velocities and rig.base[0] > 0.5, 20.0, 'walking')
        front = rig.robot.body.footprint_front_m + 0.2
        rig.ranges = np.full(360, 7.0)
        rig.ranges[150:210] = front
        wait_for(lambda: rig.base[0] < 0.2, 15.0, 'slower')
        assert rig.engaged()
