# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Every order of instruction, answer, fault and time, without a robot."""

import random

import numpy as np
import pytest
from robot_policies.core.action_buffer import ActionBuffer, Merge
from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import ActionChunk, Missing, PolicyStatus
from robot_policies.core.policy_executor import Level, PolicyExecutor
from robot_policies.core.velocity_ramp import VelocityRamp
from robot_policies.resources import load_robot
from robot_policies.scheduling.latest_wins import LatestWins, LatestWinsConfig

MS = 1_000_000
TICK = 20 * MS
ROBOT = load_robot('go2')
BODY = ROBOT.body


@pytest.fixture
def executor():
    scheduler = LatestWins(LatestWinsConfig(), PluginContext(robot=ROBOT))
    return PolicyExecutor(ActionBuffer(scheduler, 3, 5000 * MS), VelocityRamp(BODY), 1000 * MS)


def chunk(stamp_ns: int, vx: float = 0.5, steps: int = 10, **about) -> ActionChunk:
    return ActionChunk(stamp_ns, 100 * MS, np.tile([vx, 0.0, 0.0], (steps, 1)), **about)


def run(executor: PolicyExecutor, start_ns: int, ticks: int) -> list[float]:
    return [executor.velocity(start_ns + k * TICK).vx for k in range(1, ticks + 1)]


def walking(executor: PolicyExecutor) -> int:
    """Bring it to 0.5 m/s and return the time."""
    executor.instruct('walk')
    executor.velocity(0)
    assert executor.answer(chunk(0), executor.generation, 0) is Merge.ACCEPTED
    assert run(executor, 0, 25)[-1] == pytest.approx(0.5)
    return 25 * TICK


def test_without_an_instruction_answers_are_not_followed(executor):
    assert executor.answer(chunk(0), executor.generation, 0) is None
    assert run(executor, 0, 20) == [0.0] * 20
    assert executor.report(0).words == 'No instruction: standing.'


def test_an_answer_to_an_earlier_instruction_is_dropped(executor):
    executor.instruct('left')
    asked = executor.generation
    executor.instruct('right')
    assert executor.answer(chunk(0), asked, 0) is None
    assert run(executor, 0, 5) == [0.0] * 5


def test_repeating_the_instruction_changes_nothing(executor):
    now = walking(executor)
    assert not executor.instruct(' walk ')
    assert run(executor, now, 3) == pytest.approx([0.5] * 3)


@pytest.mark.parametrize(
    'fault',
    [
        lambda e, now: e.instruct(''),
        lambda e, now: e.instruct('something else'),
        lambda e, now: e.miss(Missing(('camera/front is 412 ms old, limit 300',))),
        lambda e, now: e.fail(e.generation, 'no idea'),
        lambda e, now: e.restart(),
        lambda e, now: e.answer(chunk(now, status=PolicyStatus.REACHED), e.generation, now),
    ],
    ids=['empty', 'new', 'missing', 'failed', 'restarted', 'reached'],
)
def test_every_reason_to_stop_ramps_to_zero_within_the_robots_acceleration(executor, fault):
    now = walking(executor)
    fault(executor, now)
    speeds = [0.5, *run(executor, now, 30)]
    # 0.5 m/s at 2 m/s² takes 0.25 s, 12.5 ticks
    assert speeds[13] == pytest.approx(0.0, abs=1e-9)
    assert speeds[1] < 0.5
    assert min(np.diff(speeds)) >= -BODY.max_acceleration * 0.02 - 1e-9


def test_at_the_last_action_it_stands_and_has_braked_within_the_robots_acceleration(executor):
    """F5 and F16: the plan that nobody prolongs ends in a smooth stop, in time."""
    now = walking(executor)
    end = executor.buffer.end_ns()
    speeds = [0.5, *run(executor, now, 60)]
    times = [now + k * TICK for k in range(61)]
    assert all(v == 0.0 for t, v in zip(times, speeds, strict=True) if t >= end)
    # 0.5 m/s at 2 m/s² takes 0.25 s: until then it walks as planned
    walking_on = [v for t, v in zip(times, speeds, strict=True) if t <= end - 250 * MS]
    assert walking_on == pytest.approx([0.5] * len(walking_on))
    assert min(np.diff(speeds)) >= -BODY.max_acceleration * 0.02 - 1e-9


def test_missing_inputs_are_told_and_the_next_answer_is_followed(executor):
    now = walking(executor)
    executor.miss(Missing(('camera/front has not arrived',)))
    report = executor.report(now)
    assert (report.level, report.words) == (
        Level.WARN,
        'Standing: camera/front has not arrived.',
    )
    run(executor, now, 20)
    executor.asked(now)
    executor.answer(chunk(now), executor.generation, now)
    assert executor.report(now).level is Level.OK


def test_it_stands_as_soon_as_a_source_is_silent_and_not_because_of_one_without_an_instruction(
    executor,
):
    executor.heed(Missing(('camera/front has not arrived',)))
    assert executor.report(0).words == 'No instruction: standing.'
    now = walking(executor)
    executor.heed(None)
    assert run(executor, now, 1)[-1] == pytest.approx(0.5)
    executor.heed(Missing(('camera/front is 412 ms old, limit 260',)))
    assert run(executor, now + TICK, 25)[-1] == 0.0
    assert executor.report(now).words == 'Standing: camera/front is 412 ms old, limit 260.'


def test_an_answer_that_was_asked_before_the_camera_stopped_is_dropped(executor):
    now = walking(executor)
    asked = executor.generation
    executor.miss(Missing(('camera/front has not arrived',)))
    assert executor.answer(chunk(now), asked, now) is None


def test_a_failure_is_told_until_an_answer_is_good_again(executor):
    now = walking(executor)
    executor.fail(executor.generation, 'policy x failed')
    assert executor.report(now).level is Level.ERROR
    assert 'policy x failed' in executor.report(now).words
    executor.answer(chunk(now), executor.generation, now)
    assert executor.report(now).level is Level.OK


@pytest.mark.parametrize(
    'bad',
    [
        ActionChunk(0, 100 * MS, np.full((5, 2), 0.5)),
        ActionChunk(0, 100 * MS, np.full((5, 3), np.nan)),
        ActionChunk(0, 100 * MS, np.full((90, 3), 0.5)),
    ],
    ids=['width', 'nan', 'length'],
)
def test_a_chunk_that_cannot_be_executed_is_a_failure(executor, bad):
    executor.instruct('walk')
    executor.answer(bad, executor.generation, 0)
    assert executor.report(0).level is Level.ERROR
    assert run(executor, 0, 5) == [0.0] * 5


def test_a_policy_that_does_not_answer_is_told(executor):
    executor.instruct('walk')
    executor.asked(0)
    assert executor.report(900 * MS).level is Level.OK
    assert executor.report(1100 * MS).words == 'The policy does not answer.'


@pytest.mark.parametrize('status', [PolicyStatus.NOT_SEEN, PolicyStatus.NOT_UNDERSTOOD])
def test_a_refusal_is_a_warning_in_the_policys_own_words(executor, status):
    executor.instruct('walk to the purple cone')
    answer = chunk(0, status=status, message="I don't see a purple cone.")
    executor.answer(answer, executor.generation, 0)
    report = executor.report(0)
    assert (report.status, report.level) == (status, Level.WARN)
    assert report.words == "I don't see a purple cone."
    assert run(executor, 0, 10) == [0.0] * 10


@pytest.mark.parametrize('seed', range(30))
def test_whatever_happens_the_velocity_is_finite_within_bounds_and_never_jerks(executor, seed):
    rng = random.Random(seed)
    before, now = 0.0, 0
    for _ in range(1500):
        now += TICK if rng.random() > 0.02 else rng.randrange(1, 50) * TICK
        event = rng.randrange(12)
        if event == 0:
            executor.instruct(rng.choice(['', 'a', 'b']))
        elif event == 1:
            executor.miss(Missing(('x',)))
        elif event == 2:
            executor.fail(executor.generation - rng.randrange(2), 'x')
        elif event == 3:
            executor.restart()
        elif event < 8:
            speed = rng.choice([rng.uniform(-1, 1), np.nan, 1e9 * 0 + 1.0])
            answer = chunk(now - rng.randrange(-200, 500) * MS, speed, rng.randrange(1, 20))
            executor.answer(answer, executor.generation - rng.randrange(2), now)
        speed = executor.velocity(now).vx
        assert abs(speed) <= 1.0 + 1e-9
        # 2 m/s² for at most 0.1 s, or the fall to zero within STOP_S
        assert abs(speed - before) <= 1.0 + 1e-9
        if abs(speed) > abs(before):
            assert abs(speed - before) <= BODY.max_acceleration * 0.1 + 1e-9
        before = speed
