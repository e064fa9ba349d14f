# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The policy stands when it must, says why, and gives the same answer by either way of seeing."""

from dataclasses import replace

import numpy as np
import pytest
from robot_policies.core.committed_prefix import CommittedPrefix, soft_mask
from robot_policies.core.contracts import PluginContext, PrefixPolicy
from robot_policies.core.data_types import Image, Observation, Odometry, PolicyStatus, Scan
from robot_policies.core.errors import CheckpointError
from robot_policies.encoders.conv_tokens import ConvTokens, ConvTokensConfig
from robot_policies.networks.weights import weights_of
from robot_policies.policies import flow_vla, flow_vla_parts
from robot_policies.policies.flow_vla import FlowVla, FlowVlaConfig
from robot_policies.policies.flow_vla_parts import build_networks
from robot_policies.policies.target_belief import Sighting
from robot_policies.resources import load_checkpoint, load_robot

ROBOT = load_robot('go2')
NS = 1_000_000_000
META = {
    'vocabulary': {'sizes': ['small', 'large'], 'colours': ['red', 'blue'], 'shapes': ['ball']}
}


@pytest.fixture(scope='module')
def context():
    tensors = weights_of(build_networks(FlowVlaConfig(), 5))
    rng = np.random.default_rng(0)
    noisy = {
        name: (v + 0.05 * rng.standard_normal(v.shape)).astype(v.dtype)
        if v.dtype == np.float32 and 'running' not in name
        else v
        for name, v in tensors.items()
    }
    return PluginContext(robot=ROBOT, tensors=noisy, meta=META)


def observation(text, stamp_ns=NS, heading=0.0, position=(0.0, 0.0)):
    pixels = np.random.default_rng(1).integers(0, 256, (240, 320, 3), dtype=np.uint8)
    turn = np.array([0.0, 0.0, np.sin(heading / 2), np.cos(heading / 2)])
    place = np.array([*position, 0.3])
    return Observation(
        stamp_ns=stamp_ns,
        instruction=text,
        odometry=Odometry(stamp_ns, place, turn, np.zeros(3), np.zeros(3)),
        images={'front': Image(stamp_ns, pixels)},
        scan=Scan(stamp_ns, -np.pi, np.pi / 180, 0.05, 8.0, np.full(360, 4.0)),
    )


@pytest.fixture
def policy(context):
    return FlowVla(FlowVlaConfig(), context)


def show(policy, monkeypatch, sighting):
    monkeypatch.setattr(policy, '_look', lambda *_: sighting)


@pytest.mark.parametrize(
    ('text', 'status'),
    [
        ('make me a sandwich', PolicyStatus.NOT_UNDERSTOOD),
        ('do not go to the red ball', PolicyStatus.NOT_UNDERSTOOD),
        ('go to the green ball', PolicyStatus.NOT_UNDERSTOOD),
        ('', PolicyStatus.IDLE),
        ('stop', PolicyStatus.IDLE),
    ],
)
def test_it_stands_on_what_it_must_not_follow(policy, text, status):
    chunk = policy.infer(observation(text))
    assert chunk.status is status
    assert not chunk.actions.any()
    if status is PolicyStatus.NOT_UNDERSTOOD:
        assert 'understand' in chunk.message


def test_the_chunk_answers_its_observation(policy):
    chunk = policy.infer(observation('go to the red ball', stamp_ns=5 * NS))
    assert chunk.stamp_ns == 5 * NS
    assert chunk.actions.shape == (16, 3)
    assert chunk.dt_ns == 100_000_000


def test_features_give_what_the_image_gives(context):
    encoder = ConvTokens(
        ConvTokensConfig(),
        replace(
            context, tensors={n: v for n, v in context.tensors.items() if n.startswith('trunk.')}
        ),
    )
    direct = FlowVla(FlowVlaConfig(), context)
    fed = FlowVla(FlowVlaConfig(source='features/conv_tokens'), context)
    assert direct.inputs == ('camera/front', 'scan')
    assert fed.inputs == ('features/conv_tokens', 'scan')
    for k in range(4):
        seen = observation('go to the red ball', stamp_ns=k * NS)
        features = {'conv_tokens': encoder.encode(seen.images['front'])}
        first, second = direct.infer(seen), fed.infer(replace(seen, images={}, features=features))
        np.testing.assert_allclose(first.actions, second.actions, atol=1e-5)
        assert first.status is second.status


def test_the_same_history_gives_the_same_chunk(policy):
    first = [policy.infer(observation('go to the red ball', k * NS)).actions for k in range(3)]
    policy.reset()
    again = [policy.infer(observation('go to the red ball', k * NS)).actions for k in range(3)]
    np.testing.assert_array_equal(first, again)


def test_another_instruction_forgets_the_target(policy, monkeypatch):
    show(policy, monkeypatch, Sighting(3.0, 0.0, 3.0))
    for k in range(3):
        chunk = policy.infer(observation('go to the red ball', k * NS))
    assert chunk.status is PolicyStatus.ACTING
    show(policy, monkeypatch, Sighting(-6.0, 0.0, 3.0))
    chunk = policy.infer(observation('go to the blue ball', 4 * NS))
    assert chunk.status is PolicyStatus.SEARCHING
    assert 'blue ball' in chunk.message


def test_it_says_that_it_is_there_and_stands(policy, monkeypatch):
    show(policy, monkeypatch, Sighting(4.0, 0.0, 0.6))
    for k in range(3):
        chunk = policy.infer(observation('go to the red ball', k * NS))
    assert chunk.status is PolicyStatus.REACHED
    assert not chunk.actions.any()


def test_it_goes_on_when_it_is_pushed_away(policy, monkeypatch):
    show(policy, monkeypatch, Sighting(4.0, 0.0, 0.6))
    for k in range(3):
        policy.infer(observation('go to the red ball', k * NS))
    show(policy, monkeypatch, Sighting(-6.0, 0.0, 0.6))
    chunk = policy.infer(observation('go to the red ball', 4 * NS, position=(-1.0, 0.0)))
    assert chunk.status is PolicyStatus.ACTING


def test_what_is_not_there_is_not_seen_after_looking_around(policy, monkeypatch):
    show(policy, monkeypatch, Sighting(-6.0, 0.0, 1.0))
    statuses, heading, place = [], 0.0, np.zeros(2)
    for k in range(200):
        chunk = policy.infer(observation('go to the red ball', k * NS // 5, heading, place))
        statuses.append(chunk.status)
        heading += 0.17
        if policy._search.viewpoint is not None:
            place = policy._search.viewpoint.copy()
    assert statuses[0] is PolicyStatus.SEARCHING
    assert statuses[-1] is PolicyStatus.NOT_SEEN
    assert 'red ball' in chunk.message
    assert not chunk.actions.any()


def test_the_bearing_is_corrected_for_the_turn_since_the_picture(policy):
    early = observation('go to the red ball', NS)
    odometry = replace(
        early.odometry, stamp_ns=NS + NS // 10, angular_velocity=np.array([0.0, 0.0, 1.0])
    )
    policy.infer(early)
    still = policy._look(early, policy._goal)
    turned = policy._look(replace(early, odometry=odometry), policy._goal)
    assert turned.bearing == pytest.approx(still.bearing - 0.1, abs=1e-6)


def test_commands_stay_within_what_the_robot_may(policy, monkeypatch):
    for bearing in (-3.0, 0.0, 2.0):
        show(policy, monkeypatch, Sighting(4.0, bearing, 5.0))
        policy.reset()
        for k in range(3):
            actions = policy.infer(observation('go to the red ball', k * NS)).actions
        assert (np.abs(actions[:, 2]) <= ROBOT.body.max_yaw_rate).all()
        assert (actions[:, 0] <= ROBOT.body.max_vx).all()


def committed(max_guidance=5.0):
    """Return a plan that turns left while walking, of which 300 ms are executed in any case."""
    actions = np.tile([0.3, 0.0, 0.4], (10, 1))
    return CommittedPrefix(actions, 3, soft_mask(3, 10), max_guidance)


@pytest.fixture(scope='module')
def trained():
    _, values, context = load_checkpoint('go2_instruction', ROBOT)
    return FlowVla(FlowVlaConfig(**values), context)


def continued(policy, monkeypatch, prefix):
    """Return the chunk that goes on from a prefix, and all that it was chosen from."""
    show(policy, monkeypatch, Sighting(4.0, -0.6, 2.5))  # the target is to the right
    candidates = []
    monkeypatch.setattr(flow_vla, 'choose', lambda chunks, *_: candidates.append(chunks) or 2)
    policy.reset()
    for k in range(3):
        policy.infer(observation('go to the red ball', k * NS))
    chunk = policy.infer_with_prefix(observation('go to the red ball', 3 * NS), prefix)
    return chunk, candidates[-1]


def test_every_candidate_begins_with_the_frozen_actions_and_none_is_altered(trained, monkeypatch):
    assert isinstance(trained, PrefixPolicy)
    prefix = committed()
    chunk, candidates = continued(trained, monkeypatch, prefix)
    assert chunk.status is PolicyStatus.ACTING
    assert len(candidates) == 8
    for candidate in candidates:
        np.testing.assert_allclose(candidate[:3], prefix.actions[:3])
    np.testing.assert_array_equal(chunk.actions, candidates[2])
    # they differ behind it: there is something to choose from
    assert np.ptp(candidates[:, 5:], axis=0).max() > 0.02


def test_guidance_makes_the_chunk_go_on_from_the_prefix(trained, monkeypatch):
    def away(max_guidance):
        """Return how far the actions behind the frozen ones are from the plan, rad/s."""
        _, chunks = continued(trained, monkeypatch, committed(max_guidance))
        steps = np.abs(np.diff(chunks[:, 2:, 2], axis=1)) / 0.1
        assert max_guidance == 0.0 or steps.max() <= ROBOT.body.max_yaw_acceleration
        return np.abs(chunks[:, 3:6, 2] - 0.4).mean()

    # unguided, the chunk turns right, since that is where the target is
    assert away(5.0) < 0.8 * away(0.0)


def test_with_a_prefix_it_stands_where_it_stands_without_one(policy):
    chunk = policy.infer_with_prefix(observation('make me a sandwich'), committed())
    assert chunk.status is PolicyStatus.NOT_UNDERSTOOD
    assert not chunk.actions.any()


@pytest.mark.parametrize('change', ['missing', 'extra', 'shape'])
def test_weights_that_do_not_fit_are_refused(context, change):
    tensors = dict(context.tensors)
    name = sorted(tensors)[0]
    if change == 'missing':
        del tensors[name]
    elif change == 'extra':
        tensors['stray'] = np.zeros(1, dtype=np.float32)
    else:
        tensors[name] = np.zeros((1, 2, 3), dtype=np.float32)
    with pytest.raises(CheckpointError, match='weight'):
        FlowVla(FlowVlaConfig(), replace(context, tensors=tensors))


def test_a_checkpoint_without_vocabulary_is_refused(context):
    with pytest.raises(CheckpointError, match='vocabulary'):
        FlowVla(FlowVlaConfig(), replace(context, meta={}))


def test_it_takes_an_unknown_word_for_a_known_one_only_where_asked(context, monkeypatch):
    def encode(texts):  # gigantic and large are one direction, all else is another
        same = [bool({'large', 'gigantic'} & {*text.split()}) for text in texts]
        return np.array([[1.0, 0.0] if alike else [0.0, 1.0] for alike in same])

    monkeypatch.setattr(flow_vla_parts, 'load_encode', lambda: encode)
    told = observation('walk to the gigantic red ball')
    refused = FlowVla(FlowVlaConfig(), context).infer(told)
    assert refused.status is PolicyStatus.NOT_UNDERSTOOD
    understood = FlowVla(FlowVlaConfig(word_similarity=0.9), context).infer(told)
    assert understood.status is not PolicyStatus.NOT_UNDERSTOOD
    assert 'large red ball' in understood.message
