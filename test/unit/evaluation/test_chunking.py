# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What is measured of a scheduler, and that an interrupted comparison goes on."""

import json

import numpy as np
import pytest
from robot_policies.core.data_types import PolicyStatus
from robot_policies.core.errors import ConfigError
from robot_policies.evaluation import chunking, results_page
from robot_policies.evaluation.benchmark import BenchmarkOptions
from robot_policies.evaluation.benchmarks import go2_chunking
from robot_policies.evaluation.episode_record import EpisodeRecord
from robot_policies.evaluation.instruction_bodies import Mishaps
from robot_policies.evaluation.instruction_episode import Episode
from robot_policies.evaluation.results_plots import write_plots
from robot_policies.resources import load_robot

BODY = load_robot('go2').body
MS = 1_000_000


def episode(commanded, planned=None):
    commanded = np.array(commanded, dtype=float)
    planned = commanded if planned is None else np.array(planned, dtype=float)
    return Episode(
        PolicyStatus.REACHED, '', 5.0, True, np.zeros((2, 3)), Mishaps(0, 0, 0), (),
        commanded=commanded, planned=planned,
    )  # fmt: skip


def row(scheduler, delay_ms, world, success=True, **other):
    numbers = {'jump_m_s': 0.04, 'jump_share': 1.0, 'planned_share': 3.0, 'jerk_rms_m_s3': 5.0}
    numbers |= {'time_s': 9.0, 'falls': 0, 'collisions': 0}
    about = {'scheduler': scheduler, 'delay_ms': delay_ms, 'world': world, 'success': success}
    return {'key': f'{scheduler}/{delay_ms}/{world}', **about, **numbers, **other}


def test_jumps_are_judged_by_the_robots_acceleration_in_each_component():
    # 2 m/s² and 4 rad/s² allow 0.04 m/s and 0.08 rad/s in 20 ms
    still = [0.0, 0.0, 0.0]
    numbers = chunking.smoothness(episode([still, [0.02, 0.0, 0.12], still]), BODY)
    assert numbers['jump_m_s'] == pytest.approx(0.02)
    assert numbers['jump_share'] == pytest.approx(1.5)


def test_what_was_planned_counts_only_where_there_was_a_plan():
    nan = [np.nan] * 3
    planned = [nan, [0.5, 0.0, 0.0], [0.58, 0.0, 0.0], nan]
    numbers = chunking.smoothness(episode(np.zeros((4, 3)), planned), BODY)
    assert numbers['planned_share'] == pytest.approx(2.0)
    assert numbers['jump_share'] == 0.0


def test_the_jerk_is_that_of_a_known_motion():
    # v = t² / 2 · 3: jerk 3 m/s³ all the time
    t = np.arange(50) * 0.02
    commanded = np.stack([1.5 * t**2, 0.0 * t, 0.0 * t], axis=1)
    assert chunking.smoothness(episode(commanded), BODY)['jerk_rms_m_s3'] == pytest.approx(3.0)


def test_delays_are_the_same_for_every_scheduler_and_lie_around_their_mean():
    draws = [[chunking.delays(200, 7)() for _ in range(1)] for _ in range(2)]
    assert draws[0] == draws[1]
    draw = chunking.delays(200, 7)
    values = [draw() / MS for _ in range(300)]
    # 200 ms within a quarter, and up to 20 ms more
    assert 150.0 <= min(values) < 160.0
    assert 260.0 < max(values) <= 270.0
    at_once = chunking.delays(0, 7)
    assert 0.0 <= at_once() / MS <= 20.0


def test_the_bars_compare_the_same_worlds_and_fail_when_they_should():
    rows = [row('real_time_chunking', 0, world) for world in range(20)]
    good = [row('real_time_chunking', 200, world, world != 3) for world in range(20)]
    result = chunking.summary(rows + good)
    assert result['lost_at_200_ms'] == pytest.approx(0.05)
    assert all(bar['holds'] for bar in result['bars'].values())
    bad = [row('real_time_chunking', 200, world, world > 3) for world in range(20)]
    bad[0]['jump_share'] = 1.2
    result = chunking.summary(rows + bad)
    assert not any(bar['holds'] for bar in result['bars'].values())
    # another scheduler's jumps are not judged by them
    others = [row('synchronous', 200, world, jump_share=9.0) for world in range(20)]
    assert all(bar['holds'] for bar in chunking.summary(rows + good + others)['bars'].values())


def test_every_scheduler_runs_in_every_world_with_every_delay():
    class Task:
        class world:  # noqa: N801
            seed = 5

    keys = [trial.key for trial in chunking.trials([Task()], (0, 200))]
    assert len(keys) == len(set(keys)) == 8
    assert 'real_time_chunking/200/5' in keys


def test_a_record_goes_on_behind_what_a_kill_left_half_written(tmp_path):
    path, settings = tmp_path / 'record.jsonl', {'body': 'puppet'}
    record = EpisodeRecord(path, settings)
    record.add(row('latest_wins', 0, 1))
    record.add(row('latest_wins', 0, 2))
    path.write_text(path.read_text()[:-20])
    again = EpisodeRecord(path, settings)
    assert list(again.rows) == ['latest_wins/0/1']
    again.add(row('latest_wins', 0, 2))
    assert list(EpisodeRecord(path, settings).rows) == ['latest_wins/0/1', 'latest_wins/0/2']


def test_a_record_of_other_settings_is_refused_and_left_as_it_is(tmp_path):
    path = tmp_path / 'record.jsonl'
    EpisodeRecord(path, {'body': 'puppet'}).add(row('latest_wins', 0, 1))
    before = path.read_text()
    with pytest.raises(ConfigError, match='name another file'):
        EpisodeRecord(path, {'body': 'walking'})
    assert path.read_text() == before


def test_a_finished_record_is_summarised_without_running_anything(tmp_path, monkeypatch):
    path = tmp_path / 'record.jsonl'
    settings = {'body': 'puppet', 'controller': 'go2_velocity', 'world': 'instruction_eval'}
    record = EpisodeRecord(path, settings | {'checkpoint': 'go2_instruction'})
    for scheduler in chunking.SCHEDULERS:
        for delay_ms in (0, 200):
            record.add(row(scheduler, delay_ms, 50_000))
    monkeypatch.setattr(chunking, 'run', None)
    values = {'record': str(path), 'delays_ms': '0,200'}
    result = go2_chunking.run(BenchmarkOptions(episodes=1, values=values))
    assert result['success_rate'] == 1.0
    assert [line['scheduler'] for line in result['rows']][::2] == list(chunking.SCHEDULERS)
    result = go2_chunking.run(
        BenchmarkOptions(episodes=1, values=values | {'schedulers': 'latest_wins'})
    )
    assert [line['scheduler'] for line in result['rows']] == ['latest_wins'] * 2
    assert result['settings'] == {'schedulers': 'latest_wins', 'delays_ms': '0,200'}


@pytest.mark.parametrize(
    'values',
    [
        {'body': 'cat'},
        {'delays_ms': 'soon'},
        {'schedulers': 'magic'},
        {'jobs': '0'},
        {'nonsense': '1'},
    ],
)
def test_what_it_does_not_know_is_refused(values):
    with pytest.raises(ConfigError, match='expected'):
        go2_chunking.run(BenchmarkOptions(episodes=1, values=values))


def test_the_results_page_shows_table_and_picture(tmp_path):
    rows = [row(name, ms, 0) for name in chunking.SCHEDULERS for ms in (0, 200)]
    head = {'benchmark': 'go2_chunking', 'episodes': 1, 'seed': 0}
    content = {**head, **chunking.summary(rows)}
    (tmp_path / 'go2_chunking.json').write_text(json.dumps(content))
    text = results_page.page(tmp_path)
    assert '| scheduler | delay_ms | episodes | success_rate |' in text
    assert '| real_time_chunking | 200 | 1 | 1 |' in text
    assert '![go2_chunking](images/go2_chunking.png)' in text
    write_plots(tmp_path, tmp_path / 'images')
    assert (tmp_path / 'images' / 'go2_chunking.png').stat().st_size > 5000
