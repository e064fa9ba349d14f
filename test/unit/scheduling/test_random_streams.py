# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Whatever a policy answers and however late: declared speeds and accelerations are kept to."""

import random

import numpy as np
import pytest
from robot_policies.core.action_buffer import ActionBuffer
from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import ActionChunk, PolicyStatus
from robot_policies.core.joint_ramp import JointRamp
from robot_policies.core.policy_executor import PolicyExecutor
from robot_policies.core.velocity_ramp import VelocityRamp
from robot_policies.resources import load_robot
from robot_policies.scheduling.latest_wins import LatestWins, LatestWinsConfig
from robot_policies.scheduling.real_time_chunking import RealTimeChunking, RealTimeChunkingConfig
from robot_policies.scheduling.synchronous import Synchronous, SynchronousConfig
from robot_policies.scheduling.temporal_ensembling import (
    TemporalEnsembling,
    TemporalEnsemblingConfig,
)

MS = 1_000_000
ROBOT = load_robot('go2')
BODY = ROBOT.body
CONTEXT = PluginContext(robot=ROBOT)
SCHEDULERS = {
    'synchronous': lambda: Synchronous(SynchronousConfig(), CONTEXT),
    'latest_wins': lambda: LatestWins(LatestWinsConfig(), CONTEXT),
    'temporal_ensembling': lambda: TemporalEnsembling(TemporalEnsemblingConfig(), CONTEXT),
    'real_time_chunking': lambda: RealTimeChunking(
        RealTimeChunkingConfig(delay_window=3), CONTEXT
    ),
}


class WildPolicy:
    """Wants something else in every answer, sometimes far beyond what the robot may."""

    def __init__(self, rng, width, scale):
        self.rng, self.width, self.scale = rng, width, scale

    def answer(self, stamp_ns, prefix):
        steps = self.rng.choice([4, 8, 16, 16, 16])
        level = [self.rng.uniform(-2.0, 2.0) for _ in range(self.width)]
        noise = [[self.rng.gauss(0.0, 0.3) for _ in range(self.width)] for _ in range(steps)]
        actions = self.scale * (np.array(level) + np.array(noise))
        if prefix is not None:
            actions = prefix.over(actions)
        return ActionChunk(stamp_ns, 100 * MS, actions)


def stream(buffer, policy, rng, follow, *, hz=50, seconds=8.0, mean_ms=200.0, on_answer=None):
    """Ask, wait and follow with jitter in everything; yield (elapsed_s, value) per tick."""
    on_answer = on_answer or buffer.merge
    now, answer, waiting_ns = 0, None, rng.randrange(300) * MS
    while now < seconds * 1e9:
        elapsed = round(1e9 / hz * rng.choice([1.0, 1.0, 1.0, 0.5, 1.6, 3.0]))
        now += elapsed
        if answer is not None and now >= answer[0]:
            on_answer(answer[1], now)
            answer = None
        if answer is None and now >= waiting_ns and buffer.is_due(now, answer is not None):
            stamp = now - rng.randrange(80) * MS
            delay_ms = rng.choice([0.2, 1.0, 1.0, 1.0, 3.0]) * rng.uniform(0.5, 1.5) * mean_ms
            chunk = policy.answer(stamp, buffer.prefix(stamp))
            answer, waiting_ns = (now + round(delay_ms * MS), chunk), now + rng.randrange(250) * MS
        yield elapsed / 1e9, follow(now)


@pytest.mark.parametrize('hz', [50, 200])
@pytest.mark.parametrize('mean_ms', [20.0, 200.0, 700.0])
@pytest.mark.parametrize('name', SCHEDULERS)
def test_base_velocity_keeps_to_the_declared_speed_and_acceleration(name, mean_ms, hz):
    low = np.array([BODY.min_vx, -BODY.max_vy, -BODY.max_yaw_rate])
    high = np.array([BODY.max_vx, BODY.max_vy, BODY.max_yaw_rate])
    allowed = np.array([BODY.max_acceleration] * 2 + [BODY.max_yaw_acceleration])
    moved = 0.0
    for seed in range(2):
        rng = random.Random(seed)
        buffer = ActionBuffer(SCHEDULERS[name](), 3, 5000 * MS)
        executor = PolicyExecutor(buffer, VelocityRamp(BODY), 1000 * MS)
        executor.instruct('go')
        policy, before = WildPolicy(rng, 3, np.array([0.5, 0.2, 0.5])), np.zeros(3)
        follow = lambda now, e=executor: e.velocity(now).as_array()  # noqa: E731
        answer = lambda chunk, now, e=executor: e.answer(chunk, e.generation, now)  # noqa: E731
        for elapsed_s, value in stream(
            buffer, policy, rng, follow, hz=hz, mean_ms=mean_ms, on_answer=answer
        ):
            assert (np.abs(value - before) <= allowed * elapsed_s + 1e-9).all()
            assert (value >= low - 1e-12).all()
            assert (value <= high + 1e-12).all()
            moved, before = max(moved, np.abs(value).max()), value
    # with 700 ms and more, real-time chunking may hold all the time
    assert moved > 0.3 or mean_ms == 700.0


@pytest.mark.parametrize('hz', [50, 200])
@pytest.mark.parametrize('name', SCHEDULERS)
def test_joint_positions_keep_to_the_declared_limits_speed_and_acceleration(name, hz):
    width, pose = len(ROBOT.joints), ROBOT.default_pose
    lower, upper = ROBOT.per_joint('lower'), ROBOT.per_joint('upper')
    speed, acceleration = ROBOT.per_joint('velocity'), ROBOT.per_joint('acceleration')
    for seed in range(2):
        rng = random.Random(seed)
        buffer = ActionBuffer(SCHEDULERS[name](), width, 5000 * MS, rest=pose)
        ramp, kept = JointRamp(ROBOT, pose), [pose]
        policy, last = WildPolicy(rng, width, 0.6), np.zeros(width)

        def follow(now, buffer=buffer, ramp=ramp, kept=kept):
            planned = buffer.sample(now)
            if planned is not None:
                kept[0] = planned  # without a plan, the last target is held
            return ramp.follow(kept[0], now)

        before = pose
        for elapsed_s, (position, velocity) in stream(buffer, policy, rng, follow, hz=hz):
            assert (np.abs(velocity) <= speed + 1e-9).all()
            assert (np.abs(velocity - last) <= acceleration * elapsed_s + 1e-9).all()
            # velocity is continuous and what really happens, but for the acceleration in between
            off = np.abs(position - before - velocity * elapsed_s)
            assert (off <= acceleration * elapsed_s**2 + 1e-9).all()
            assert (position >= lower - 0.002).all()
            assert (position <= upper + 0.002).all()
            before, last = position, velocity
        assert np.abs(before - pose).max() > 0.05


@pytest.mark.parametrize('name', SCHEDULERS)
def test_the_plan_itself_is_continuous_at_every_merge(name):
    """Sampled at 1 kHz: no step is larger than blending two plans within 100 ms explains."""
    rng = random.Random(1)
    buffer = ActionBuffer(SCHEDULERS[name](), 1, 5000 * MS)
    stamp, before, answered, newest = 0, None, 0, -(10**12)
    for now in range(0, 6000 * MS, MS):
        due = buffer.is_due(now, False) and now - newest > 100 * MS
        if due and rng.random() < 0.02:
            stamp = newest = max(stamp + 1, now - rng.randrange(0, 120) * MS)
            actions = rng.uniform(-0.8, 0.8) + 0.1 * np.array([[rng.random()] for _ in range(16)])
            prefix = buffer.prefix(stamp)
            actions = actions if prefix is None else prefix.over(actions)
            buffer.merge(ActionChunk(stamp, 100 * MS, actions), now)
            answered += 1
        value = buffer.sample(now)
        if value is not None and before is not None:
            assert abs(float(value[0] - before[0])) <= 0.05
        before = value
    assert answered > (3 if name == 'synchronous' else 10)


@pytest.mark.parametrize('name', SCHEDULERS)
def test_a_policy_that_says_it_is_there_is_believed_by_every_scheduler(name):
    buffer = ActionBuffer(SCHEDULERS[name](), 3, 5000 * MS)
    executor = PolicyExecutor(buffer, VelocityRamp(BODY), 1000 * MS)
    executor.instruct('go')
    ahead = np.tile([0.5, 0.0, 0.0], (16, 1))
    executor.answer(ActionChunk(0, 100 * MS, ahead), executor.generation, 0)
    assert max(executor.velocity(now).vx for now in range(0, 700 * MS, 20 * MS)) > 0.3
    there = ActionChunk(700 * MS, 100 * MS, ahead, PolicyStatus.REACHED)
    executor.answer(there, executor.generation, 700 * MS)
    for now in range(700 * MS, 1000 * MS, 20 * MS):
        velocity = executor.velocity(now)
    assert velocity.vx == 0.0
