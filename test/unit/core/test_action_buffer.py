# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Chunks in, a steady stream out: time alignment, blending, and what is dropped."""

import math
import random

import numpy as np
import pytest
from robot_policies.core.action_buffer import ActionBuffer, Merge
from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import ActionChunk
from robot_policies.resources import load_robot
from robot_policies.scheduling.latest_wins import LatestWins, LatestWinsConfig

MS = 1_000_000
DT = 100 * MS
BLEND = 200 * MS
CONTEXT = PluginContext(robot=load_robot('go2'))


def chunk(stamp_ns: int, *speeds: float, dt_ns: int = DT) -> ActionChunk:
    return ActionChunk(stamp_ns, dt_ns, np.array([[v, 0.0, -v] for v in speeds]))


def made(width: int = 3) -> ActionBuffer:
    scheduler = LatestWins(LatestWinsConfig(blend_s=BLEND / 1e9), CONTEXT)
    return ActionBuffer(scheduler, width, max_horizon_ns=5000 * MS)


@pytest.fixture
def buffer():
    return made()


def vx(buffer: ActionBuffer, now_ns: int) -> float:
    values = buffer.sample(now_ns)
    return math.nan if values is None else float(values[0])


def test_an_empty_buffer_has_nothing_to_say(buffer):
    assert buffer.sample(0) is None
    assert buffer.end_ns() is None


def test_actions_are_executed_when_they_are_due_and_linear_in_between(buffer):
    # Observed at 0, entered at 0; the actions 1, 2, 3 are due at 100, 200, 300 ms. The blend
    # from standing is over at 200 ms.
    buffer.merge(chunk(0, 1.0, 2.0, 3.0), 0)
    assert vx(buffer, 200 * MS) == pytest.approx(2.0)
    assert vx(buffer, 250 * MS) == pytest.approx(2.5)
    assert vx(buffer, 300 * MS) == pytest.approx(3.0)
    assert buffer.end_ns() == 300 * MS


def test_past_the_last_action_there_is_nothing(buffer):
    buffer.merge(chunk(0, 1.0, 1.0, 1.0), 0)
    assert buffer.sample(300 * MS) is not None
    assert buffer.sample(300 * MS + 1) is None


def test_steps_that_are_past_are_not_executed(buffer):
    # Entered 250 ms after the observation: the first two actions are past, and at the end of
    # the blend (450 ms) the plan is between the fourth and the fifth action.
    assert buffer.merge(chunk(0, 9.0, 9.0, 1.0, 1.0, 2.0, 2.0), 250 * MS) is Merge.ACCEPTED
    assert vx(buffer, 450 * MS) == pytest.approx(1.5)


def test_a_new_chunk_takes_over_gradually(buffer):
    buffer.merge(chunk(0, *[1.0] * 10), 0)
    now = 400 * MS
    assert vx(buffer, now) == pytest.approx(1.0)
    buffer.merge(chunk(300 * MS, *[2.0] * 10), now)
    assert vx(buffer, now) == pytest.approx(1.0)  # not a jump
    assert vx(buffer, now + BLEND // 2) == pytest.approx(1.5)
    assert vx(buffer, now + BLEND) == pytest.approx(2.0)


@pytest.mark.parametrize(
    ('late', 'outcome'),
    [
        (chunk(100 * MS, 5.0, 5.0), Merge.LATE),
        (chunk(500 * MS, *[5.0] * 10), Merge.DUPLICATED),
        (chunk(490 * MS, *[5.0] * 10), Merge.REORDERED),
        (chunk(700 * MS, *[5.0] * 10), Merge.FUTURE),
        (ActionChunk(510 * MS, DT, np.full((10, 2), 5.0)), Merge.WRONG_WIDTH),
        (chunk(510 * MS, *[5.0] * 60), Merge.WRONG_LENGTH),
        (chunk(510 * MS, 5.0, math.nan), Merge.NOT_FINITE),
        (chunk(510 * MS, 5.0, math.inf), Merge.NOT_FINITE),
    ],
    ids=lambda value: value.value if isinstance(value, Merge) else '',
)
def test_what_must_not_be_executed_is_dropped_and_counted(buffer, late, outcome):
    # the accepted one must not make a late one look reordered
    stamp = 50 * MS if outcome is Merge.LATE else 500 * MS
    now = 600 * MS
    buffer.merge(chunk(stamp, *[1.0] * 10), now)
    before = [vx(buffer, now + k * 10 * MS) for k in range(60)]
    assert buffer.merge(late, now) is outcome
    assert buffer.counts[outcome] == 1
    assert [vx(buffer, now + k * 10 * MS) for k in range(60)] == pytest.approx(before, nan_ok=True)


def test_none_of_ten_thousand_bad_chunks_is_executed(buffer):
    """F8. A good chunk says at most 1; every bad one says 50 and would be seen."""
    rng = random.Random(8)
    now, newest, bad = 1000 * MS, 990 * MS, 0
    buffer.merge(chunk(newest, *[0.5] * 16), now)
    while bad < 10_000:
        now += rng.randrange(1, 40) * MS
        if rng.random() < 0.05:
            newest = max(newest + 1, now - rng.randrange(0, 80) * MS)
            good = chunk(newest, *[rng.uniform(-1, 1) for _ in range(16)])
            buffer.merge(good, now)
            continue
        kind = rng.randrange(6)
        stamp = {
            0: now - 1700 * MS - rng.randrange(10**9),  # late: all 16 actions are past
            1: newest,
            2: newest - rng.randrange(1, 10**9),
            3: now + 51 * MS + rng.randrange(10**9),
        }.get(kind, now)
        speeds = [50.0] * (16 if kind != 4 else 51 + rng.randrange(50))
        if kind == 5:
            speeds[rng.randrange(16)] = rng.choice([math.nan, math.inf, -math.inf])
        assert buffer.merge(chunk(stamp, *speeds), now) is not Merge.ACCEPTED
        bad += 1
        values = buffer.sample(now)
        assert values is None or np.abs(values).max() <= 1.0 + 1e-9
    assert sum(n for outcome, n in buffer.counts.items() if outcome is not Merge.ACCEPTED) == bad
    kinds = set(Merge) - {Merge.ACCEPTED, Merge.WRONG_WIDTH}
    assert all(buffer.counts[kind] for kind in kinds)


@pytest.mark.parametrize('seed', range(20))
def test_the_stream_is_continuous_whatever_comes_when(seed):
    """Sampled at 1 kHz, no step is larger than the chunks' own slopes and the blend explain."""
    rng = random.Random(seed)
    buffer = made()
    stamp, before = 0, None
    # Chunks differ from action to action by at most 0.2 in 100 ms; two plans differ by at most
    # 2, which the blend spreads over 200 ms. So per ms: 0.002 + 2 / 200, and a grid of 20 ms
    # may lay two bends together.
    allowed = 1.5 * (0.002 + 0.01)
    for now in range(0, 4000 * MS, MS):
        if rng.random() < 0.005:
            stamp = max(stamp + 1, now - rng.randrange(0, 150) * MS)
            level = rng.uniform(-0.8, 0.8)
            speeds = [level + rng.uniform(-0.1, 0.1) for _ in range(16)]
            buffer.merge(chunk(stamp, *speeds), now)
        values = buffer.sample(now)
        if values is not None and before is not None:
            assert abs(values[0] - before[0]) <= allowed
        before = values


def test_flush_forgets_the_plan_and_the_stamps_but_not_the_counts(buffer):
    buffer.merge(chunk(0, 1.0, 1.0), 0)
    buffer.flush()
    assert buffer.sample(0) is None
    assert buffer.merge(chunk(0, 1.0, 1.0), 0) is Merge.ACCEPTED
    assert buffer.counts[Merge.ACCEPTED] == 2


def test_before_the_plan_begins_there_is_nothing(buffer):
    # the clock went back
    buffer.merge(chunk(1000 * MS, 1.0, 1.0), 1000 * MS)
    assert buffer.sample(999 * MS) is None


def test_reading_while_writing_gives_whole_values(buffer):
    import threading

    stop = threading.Event()

    def write():
        stamp = 0
        while not stop.is_set():
            stamp += MS
            buffer.merge(chunk(stamp, *[stamp / 1e12] * 16), stamp)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(2000):
            end = buffer.end_ns()
            values = buffer.sample((end or 0) - 800 * MS)
            if values is not None:
                assert values[0] == -values[2]
    finally:
        stop.set()
        writer.join()
