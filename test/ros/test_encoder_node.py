# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The encoder node: features with the image's stamp, and a policy that uses them."""

import json
import shutil

from node_rig import NodeRig
import numpy as np
import pytest
from robot_policies.nodes.encoder_node import EncoderNode
from robot_policies.nodes.policy_node import PolicyNode
from robot_policies.resources import share_dir
from robot_policies.ros import topics
from robot_policies.ros.codecs.images import features_from_msg
from robot_policies.ros.codecs.novelty import novelty_from_msg

MEAN = 'plugins_for_tests:MeanEncoder'
pytestmark = pytest.mark.ros


def test_features_carry_the_stamp_of_their_image(rig, wait_for):
    heard = rig.hear(topics.features('image'))
    rig.active(EncoderNode, encoder__plugin=MEAN)
    stamps = []

    def image(now_ns):
        stamps.append(now_ns)
        return rig.image(now_ns)

    rig.feed(30.0, image)
    wait_for(lambda: len(heard) > 5)
    for message in list(heard):
        features = features_from_msg(message)
        assert features.stamp_ns in stamps
        np.testing.assert_allclose(features.tokens, np.full((4, 3), 99.0))


def test_the_name_of_the_features_can_be_chosen(rig, wait_for):
    heard = rig.hear(topics.features('colour'))
    rig.active(EncoderNode, encoder__plugin=MEAN, name='colour')
    rig.feed(30.0, rig.image)
    wait_for(lambda: heard)


def test_an_image_of_another_encoding_is_reported_and_the_next_good_one_encoded(rig, wait_for):
    heard, diagnostics = rig.hear(topics.features('image')), rig.hear(topics.DIAGNOSTICS)
    node = rig.active(EncoderNode, encoder__plugin=MEAN)

    def yuv(now_ns):
        topic, message = rig.image(now_ns)
        message.encoding = 'yuv422'
        return topic, message

    feeder = rig.feed(30.0, yuv)
    wait_for(lambda: 'encode' in node.diagnostics._problems)
    feeder.stop()
    node.diagnostics.publish()
    wait_for(
        lambda: any(
            "image encoding 'yuv422', expected one of rgb8" in a.status[0].message
            for a in list(diagnostics)
        )
    )
    assert not heard
    rig.feed(30.0, rig.image)
    wait_for(lambda: heard)
    assert 'encode' not in node.diagnostics._problems


def test_an_inactive_encoder_says_nothing(rig, wait_for):
    heard = rig.hear(topics.features('image'))
    node = rig.active(EncoderNode, encoder__plugin=MEAN)
    rig.feed(30.0, rig.image)
    wait_for(lambda: len(heard) > 2)
    node.trigger_deactivate()
    stopped_ns = rig.now_ns()
    node.trigger_activate()
    resumed_ns = rig.now_ns()
    # the sentinel: something that was seen after it was active again
    wait_for(lambda: features_from_msg(heard[-1]).stamp_ns > resumed_ns)
    stamps = [features_from_msg(message).stamp_ns for message in heard]
    assert not [stamp for stamp in stamps if stopped_ns < stamp < resumed_ns - 100_000_000]


def test_a_policy_can_use_features_instead_of_images(rig, wait_for):
    velocities = rig.hear(topics.POLICY_CMD_VEL)
    rig.active(EncoderNode, encoder__plugin=MEAN)
    node = rig.active(
        PolicyNode,
        policy__plugin='plugins_for_tests:StraightPolicy',
        policy__inputs=['features/image'],
        camera_timeout_s=0.5,
        max_skew_s=1.0,
        odom_timeout_s=1.0,
    )
    rig.feed(30.0, rig.image, rig.odom)
    rig.instruct('walk')
    wait_for(lambda: velocities and velocities[-1].twist.linear.x > 0.4)
    asked = node._run.policy.asked[-1]
    assert asked.features['image'].tokens.shape == (4, 3)
    assert not asked.images


@pytest.mark.parametrize(
    ('parameters', 'words'),
    [
        ({'encoder__plugin': MEAN, 'camera': 'tail'}, "has no camera 'tail', it has front"),
        ({'encoder__plugin': 'plugins_for_tests:EchoController'}, "has no 'encode'"),
        ({'encoder__plugin': MEAN, 'encoder__tokens': 0}, 'tokens: 0 is outside [1, 100]'),
        (
            {'encoder__plugin': MEAN, 'novelty': 'go2_camera_novelty'},
            'knows the features of go2_camera_tokens as it was then, not those of plugins_for',
        ),
    ],
)
def test_it_does_not_configure_with_what_cannot_work(rig: NodeRig, parameters, words):
    assert words in rig.refusal(EncoderNode, **parameters)


def test_a_detector_that_judges_other_parts_of_a_picture_is_refused(rig, tmp_path):
    folder = tmp_path / 'older'
    shutil.copytree(share_dir() / 'models' / 'go2_camera_novelty', folder)
    config = json.loads((folder / 'config.json').read_text())
    config['meta']['parts'] = ['tokens', 'light']
    (folder / 'config.json').write_text(json.dumps(config))
    words = rig.refusal(EncoderNode, encoder__checkpoint='go2_camera_tokens', novelty=str(folder))
    assert 'judges tokens and light, expected tokens and light and patches of a picture' in words
    assert 'fit it anew' in words


def test_novelty_is_said_beside_the_features_with_the_stamp_of_the_image(rig, wait_for):
    heard = rig.hear(topics.NOVELTY)
    rig.active(EncoderNode, encoder__checkpoint='go2_camera_tokens', novelty='go2_camera_novelty')
    stamps = []

    def noise(now_ns):
        topic, message = rig.image(now_ns)
        message.height, message.width, message.step = 120, 160, 480
        pixels = np.random.default_rng(0).integers(0, 255, 120 * 480)
        message.data = pixels.astype(np.uint8).tobytes()
        stamps.append(now_ns)
        return topic, message

    rig.feed(10.0, noise)
    wait_for(lambda: heard, 40.0)
    novelty = novelty_from_msg(heard[0])
    assert novelty.stamp_ns in stamps
    assert novelty.ratio > 1.0  # no world looks like noise
