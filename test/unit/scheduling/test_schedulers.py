# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What each scheduler is for."""

import numpy as np
import pytest
from robot_policies.core.action_buffer import ActionBuffer, Merge
from robot_policies.core.committed_prefix import CommittedPrefix, soft_mask
from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import ActionChunk
from robot_policies.core.delay_window import DelayWindow
from robot_policies.core.errors import PluginError
from robot_policies.core.policy_executor import Level, PolicyExecutor
from robot_policies.core.probe import check_scheduler
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
DT = 100 * MS
ROBOT = load_robot('go2')
CONTEXT = PluginContext(robot=ROBOT)
REST = np.zeros(1)


def chunk(stamp_ns, *values):
    return ActionChunk(stamp_ns, DT, np.array(values, dtype=float)[:, None])


def level(stamp_ns, value, steps=16):
    return chunk(stamp_ns, *[value] * steps)


def enter(scheduler, answer, now_ns):
    scheduler.observe(answer, now_ns)
    scheduler.merge(answer, now_ns, REST)


def at(scheduler, now_ns):
    value = scheduler.sample(now_ns)
    return None if value is None else float(value[0])


def rtc(**values):
    return RealTimeChunking(RealTimeChunkingConfig(**values), CONTEXT)


def test_synchronous_executes_from_the_first_action_however_late_the_answer_is():
    scheduler = Synchronous(SynchronousConfig(steps=3), CONTEXT)
    enter(scheduler, chunk(0, 1.0, 2.0, 3.0, 4.0), 250 * MS)
    assert [at(scheduler, (250 + k) * MS) for k in (100, 200, 300)] == [1.0, 2.0, 3.0]
    assert at(scheduler, 551 * MS) is None  # the fourth is not executed


def test_synchronous_asks_only_when_it_has_executed_and_nothing_is_awaited():
    scheduler = Synchronous(SynchronousConfig(steps=3), CONTEXT)
    assert scheduler.is_due(0, waiting=False)
    assert not scheduler.is_due(0, waiting=True)
    enter(scheduler, level(0, 1.0), 0)
    assert not scheduler.is_due(299 * MS, waiting=False)
    assert scheduler.is_due(300 * MS, waiting=False)


def test_ensembling_averages_what_the_chunks_say_about_the_same_instant():
    scheduler = TemporalEnsembling(TemporalEnsemblingConfig(decay=0.5, fade_s=0.1), CONTEXT)
    for k, value in enumerate((1.0, 2.0, 4.0)):
        enter(scheduler, level(200 * MS * k, value), 200 * MS * k)
    # weights exp(0), exp(-0.5), exp(-1) from the oldest to the newest, as in the publication
    weights = np.exp(-0.5 * np.arange(3))
    expected = weights @ np.array([1.0, 2.0, 4.0]) / weights.sum()
    assert at(scheduler, 700 * MS) == pytest.approx(expected)
    # the first chunk ends at 1.6 s, the second at 1.8 s; then the newest is alone
    assert at(scheduler, 1900 * MS) == pytest.approx(4.0)
    assert at(scheduler, 2001 * MS) is None


def test_ensembling_takes_a_chunk_in_gradually():
    scheduler = TemporalEnsembling(TemporalEnsemblingConfig(decay=0.0, fade_s=0.1), CONTEXT)
    enter(scheduler, level(0, 1.0), 0)
    enter(scheduler, level(400 * MS, 3.0), 400 * MS)
    assert at(scheduler, 400 * MS) == pytest.approx(1.0)
    assert at(scheduler, 500 * MS) == pytest.approx(2.0)
    assert 1.0 < at(scheduler, 450 * MS) < 2.0


def test_the_soft_mask_is_one_while_frozen_and_falls_to_nothing():
    mask = soft_mask(3, 10)
    assert mask[:3].tolist() == [1.0] * 3
    assert (np.diff(mask[2:]) < 0.0).all()
    # step 9 of 10 with 3 frozen: c = 1/8, c (e^c - 1) / (e - 1) = 0.0097
    assert mask[9] == pytest.approx(0.0097, abs=1e-4)
    assert soft_mask(4, 4).tolist() == [1.0] * 4


def test_without_a_plan_there_is_no_prefix():
    scheduler = rtc()
    assert scheduler.prefix(0) is None
    enter(scheduler, level(0, 1.0), 0)
    assert scheduler.prefix(0) is not None
    assert scheduler.prefix(1550 * MS) is None  # the plan ends before the first action
    scheduler.reset()
    assert scheduler.prefix(0) is None


def test_the_prefix_is_the_plan_on_the_grid_of_the_chunk_to_come():
    scheduler = rtc(blend_s=0.0, led_share=1.0)
    enter(scheduler, chunk(0, *np.arange(1.0, 17.0)), 150 * MS)  # value k at k · 100 ms
    prefix = scheduler.prefix(530 * MS)
    # due at 630 ms, 730 ms, …; the plan ends at 1600 ms
    np.testing.assert_allclose(prefix.actions[:, 0], np.arange(6.3, 16.0))
    # the answer before came 150 ms after its observation: the action due 100 ms after this one
    # is executed in any case, the next one is not
    assert prefix.frozen == 1
    assert prefix.weights[0] == 1.0 > prefix.weights[1]


@pytest.mark.parametrize(('delay_ms', 'led'), [(150, 8), (1150, 11)])
def test_the_end_of_a_chunk_is_free_of_the_plan_unless_it_is_frozen(delay_ms, led):
    scheduler = rtc(led_share=0.5)
    enter(scheduler, level(0, 1.0), delay_ms * MS)
    prefix = scheduler.prefix(200 * MS)
    assert len(prefix.actions) == led
    assert prefix.weights[-1] == (1.0 if prefix.frozen == led else pytest.approx(0.0, abs=0.1))


def test_the_prefix_holds_what_was_executed_before_the_newest_chunk_came():
    scheduler = rtc(blend_s=0.0)
    enter(scheduler, chunk(0, *np.arange(1.0, 17.0)), 0)
    enter(scheduler, level(200 * MS, 50.0), 600 * MS)
    # observed at 300 ms: 400 and 500 ms are past, and were executed by the first chunk
    prefix = scheduler.prefix(300 * MS)
    assert prefix.frozen == 4  # answers come after 400 ms
    np.testing.assert_allclose(prefix.actions[:2, 0], [4.0, 5.0])
    np.testing.assert_allclose(prefix.actions[3:5, 0], 50.0)


def test_the_prefix_grows_with_the_measured_delay():
    scheduler = rtc(delay_quantile=1.0)
    lengths = []
    for k, delay_ms in enumerate((50, 210, 420, 100)):
        stamp = 500 * MS * k
        enter(scheduler, level(stamp, 1.0), stamp + delay_ms * MS)
        lengths.append(scheduler.prefix(stamp + 450 * MS).frozen)
    assert lengths == [0, 2, 4, 4]  # the longest of the last ones counts
    assert scheduler.numbers() == {'delay_ms': 420.0, 'frozen_steps': 4.0}


def test_the_delay_is_a_quantile_of_those_that_happened_lately():
    delays = DelayWindow(4, 0.5)
    assert delays.expected_ns == 0
    for delay in (900, 10, 20, 30, 40):
        delays.add(delay)
    assert delays.expected_ns == 30
    longest = DelayWindow(2, 1.0)
    for delay in (900, 10, 20):
        longest.add(delay)
    assert longest.expected_ns == 20


def test_what_usually_is_executed_is_frozen_and_what_comes_at_worst_decides_whether_to_hold():
    scheduler = rtc(delay_quantile=0.5, execution_s=0.4)
    for k, delay_ms in enumerate((200, 210, 1250)):
        stamp = 2000 * MS * k
        enter(scheduler, level(stamp, 1.0), stamp + delay_ms * MS)
    assert 'answers come 1.25 s after' in scheduler.problem()
    enter(scheduler, level(6000 * MS, 1.0), 6200 * MS)
    assert scheduler.numbers()['delay_ms'] == 210.0
    assert scheduler.problem()  # the late one is still among the last


def test_real_time_chunking_asks_one_question_at_a_time_and_not_too_early():
    scheduler = rtc(execution_s=0.3)
    assert scheduler.is_due(0, waiting=False)
    assert not scheduler.is_due(0, waiting=True)
    enter(scheduler, level(0, 1.0), 100 * MS)
    assert not scheduler.is_due(299 * MS, waiting=False)
    assert scheduler.is_due(300 * MS, waiting=False)


def test_the_frozen_actions_come_first_and_no_jump_is_left_behind_them():
    prefix = CommittedPrefix(np.full((6, 1), 1.0), 3, soft_mask(3, 6))
    held = prefix.over(np.zeros((2, 8, 1)))
    assert held.shape == (2, 8, 1)
    # the chunk lacks 1 at the last frozen action: 3/4, 1/2 and 1/4 of it remain behind it
    assert held[0, :, 0].tolist() == [1.0, 1.0, 1.0, 0.75, 0.5, 0.25, 0.0, 0.0]


@pytest.mark.parametrize('wrong', [{'frozen': 4}, {'weights': np.ones(2)}, {'frozen': -1}])
def test_a_prefix_that_does_not_fit_together_is_refused(wrong):
    values = {'actions': np.ones((3, 1)), 'frozen': 1, 'weights': np.ones(3)} | wrong
    with pytest.raises(ValueError, match=r'frozen|weights'):
        CommittedPrefix(**values)


def executor_with(scheduler):
    buffer = ActionBuffer(scheduler, 3, 5000 * MS)
    executor = PolicyExecutor(buffer, VelocityRamp(ROBOT.body), 9000 * MS)
    executor.instruct('walk')
    return executor


def walk(stamp_ns, vx=0.5):
    return ActionChunk(stamp_ns, DT, np.tile([vx, 0.0, 0.0], (16, 1)))


def test_beyond_the_envelope_it_says_so_holds_and_goes_on_when_answers_are_fast_again():
    """F16."""
    executor = executor_with(rtc(execution_s=0.4, delay_window=2))
    executor.answer(walk(0), executor.generation, 100 * MS)
    speeds = [executor.velocity(now_ms * MS).vx for now_ms in range(100, 1500, 20)]
    executor.answer(walk(200 * MS), executor.generation, 1500 * MS)  # 1.3 s late
    report = executor.report(1500 * MS)
    assert report.level is Level.WARN
    assert report.words == (
        'Holding: answers come 1.30 s after their observation and 0.40 s are to be executed, '
        'a chunk reaches 1.60 s.'
    )
    speeds += [executor.velocity(now_ms * MS).vx for now_ms in range(1500, 3000, 20)]
    assert speeds[-1] == 0.0
    assert np.abs(np.diff(speeds)).max() <= ROBOT.body.max_acceleration * 0.02 + 1e-9
    for now_ms in (3000, 3400, 3800):
        executor.answer(walk((now_ms - 100) * MS), executor.generation, now_ms * MS)
        again = [executor.velocity(t * MS).vx for t in range(now_ms, now_ms + 400, 20)]
    assert executor.report(4000 * MS).level is Level.OK
    assert again[-1] == pytest.approx(0.5)


def test_the_others_say_so_too_when_an_answer_is_too_late_to_be_executed():
    executor = executor_with(LatestWins(LatestWinsConfig(), CONTEXT))
    assert executor.answer(walk(0), executor.generation, 1700 * MS) is Merge.LATE
    assert 'answers come 1.70 s' in executor.report(1700 * MS).words


def test_another_scheduler_goes_on_with_the_newest_chunk():
    executor = executor_with(LatestWins(LatestWinsConfig(), CONTEXT))
    executor.answer(walk(0), executor.generation, 0)
    speeds = [executor.velocity(t * MS).vx for t in range(0, 600, 20)]
    executor.buffer.use(rtc(), 600 * MS)
    speeds += [executor.velocity(t * MS).vx for t in range(600, 1000, 20)]
    assert speeds[28:] == pytest.approx([0.5] * len(speeds[28:]))


class Plain:
    """A policy that cannot continue anything."""

    inputs = ()
    config_class = object

    def infer(self, observation): ...
    def reset(self): ...


class Continuing(Plain):
    def infer_with_prefix(self, observation, prefix): ...


def test_real_time_chunking_is_refused_with_a_policy_that_cannot_continue():
    check_scheduler(LatestWins(LatestWinsConfig(), CONTEXT), Plain(), 'plain')
    check_scheduler(rtc(), Continuing(), 'continuing')
    with pytest.raises(PluginError, match='plain cannot: choose another scheduler'):
        check_scheduler(rtc(), Plain(), 'plain')


def test_a_policy_that_can_continue_is_asked_to_as_soon_as_there_is_a_plan():
    executor, asked = executor_with(rtc()), []

    class Policy(Continuing):
        def infer(self, observation):
            asked.append(None)

        def infer_with_prefix(self, observation, prefix):
            asked.append(prefix.frozen)

    class Seen:
        stamp_ns = 300 * MS

    executor.consult(Policy(), Seen())
    executor.answer(walk(0), executor.generation, 220 * MS)
    executor.consult(Policy(), Seen())
    assert asked == [None, 2]
