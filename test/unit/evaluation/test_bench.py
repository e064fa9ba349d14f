# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Measurements are found, survive one another, and count what they say they count."""

import json
import os

from killed_parent import outlived_by
import numpy as np
import pytest
from robot_policies.core.errors import ConfigError
from robot_policies.evaluation.bench import measurements, run_bench, runner, tracing
from robot_policies.evaluation.bench.image_path import _merged
from robot_policies.evaluation.bench.measurement import aim, distribution, Measurement
from robot_policies.evaluation.bench.processes import BenchError, environment
from robot_policies.evaluation.bench.resources import process_name
from robot_policies.evaluation.bench.stack import regularity

MS = 1_000_000


def test_every_measurement_is_found_under_its_own_name():
    found = measurements()
    assert set(found) >= {
        'barrier_tick',
        'command_age',
        'image_path',
        'locomotion_inference',
        'stack',
        'supervisor_tick',
        'tracing',
        'training_throughput',
    }
    assert all(name == item.name and item.help for name, item in found.items())


def test_distribution_has_its_unit_in_the_keys():
    numbers = distribution(range(101), 'ms')
    assert numbers == {'n': 101, 'mean_ms': 50, 'p50_ms': 50, 'p99_ms': 99, 'max_ms': 100}
    with pytest.raises(ValueError, match='no samples'):
        distribution([], 'ms')


def test_an_aim_says_which_way_it_is_meant():
    assert aim(1.0, 1.0)['met']
    assert not aim(1.1, 1.0)['met']
    assert aim(0.6, 0.5, at_most=False) == {'value': 0.6, 'aim': 'at least 0.5', 'met': True}


def test_missed_periods_are_counted_by_the_length_of_the_gap():
    """At 50 Hz gaps of 20, 29 (late), 31 (one missed), 51 (two missed), 20 ms."""
    times = np.cumsum([0, 20, 29, 31, 51, 20]) * MS
    result = regularity(times, 50.0)
    assert result['misses'] == 3
    assert result['jitter']['max_ms'] == pytest.approx(31.0)
    assert result['jitter']['p50_ms'] == pytest.approx(9.0)


def test_an_output_that_never_came_has_no_jitter():
    assert regularity(np.zeros(0, dtype=np.int64), 50.0) == {'seconds': 0.0}


def test_what_the_machine_lost_does_not_count_against_an_output():
    times = np.arange(0, 2000, 20, dtype=np.int64) * MS
    times[50:] += 30 * MS  # from 980 to 1030 ms nothing came
    still = np.array([[985, 1020]], dtype=np.int64) * MS
    (all_of_it, rest) = (regularity(times, 50.0), regularity(times, 50.0, still))
    assert (all_of_it['misses'], rest['misses']) == (2, 0)
    assert rest['jitter']['max_ms'] == pytest.approx(0.0)
    # out are the gap itself and those that touch the next 100 ms
    assert all_of_it['jitter']['n'] - rest['jitter']['n'] == 1 + 5


def test_a_late_output_counts_where_the_machine_was_in_time():
    times = np.arange(0, 2000, 20, dtype=np.int64) * MS
    times[50:] += 30 * MS
    for still in ([[500, 510]], [[1040, 1050]], np.zeros((0, 2))):
        assert regularity(times, 50.0, np.array(still, dtype=np.int64) * MS)['misses'] == 2


def test_a_long_standstill_takes_as_long_to_work_off():
    times = np.arange(0, 4000, 20, dtype=np.int64) * MS
    rest = regularity(times, 50.0, np.array([[1001, 1999]], dtype=np.int64) * MS)
    assert rest['seconds'] == pytest.approx(4.0 - 0.02 - 2.0)


@pytest.mark.skipif(os.uname().sysname != 'Linux', reason='the kernel is asked to end them')
def test_a_measurement_that_is_killed_leaves_no_process_behind():
    program = (
        'import os, time\n'
        'from robot_policies.evaluation.bench.processes import running\n'
        "sleeper = ['timeit', '-n1', '-r1', 'import time; time.sleep(1000)']\n"
        'with running([sleeper], os.environ) as (process,):\n'
        '    print(process.pid, flush=True)\n'
        '    time.sleep(1000)\n'
    )
    assert not outlived_by(program)


def test_a_measurement_that_cannot_be_made_is_said_and_the_others_go_on(monkeypatch):
    def fail(quick: bool) -> dict:
        raise BenchError('no robot here')

    fake = {
        'a': Measurement('a', 'fails', fail),
        'b': Measurement('b', 'works', lambda quick: {'quick': quick}),
    }
    monkeypatch.setattr(runner, 'measurements', lambda: fake)
    said: list[str] = []
    result = run_bench(quick=True, say=said.append)
    assert result['measurements']['a']['not_measured'] == 'no robot here'
    assert result['measurements']['b']['quick'] is True
    assert all(item['loop_ms_before'] > 0.0 for item in result['measurements'].values())
    assert len(said) == 2
    assert json.dumps(result)


def test_what_was_measured_is_kept_after_each_and_an_earlier_result_goes_in(monkeypatch):
    fake = {name: Measurement(name, '', lambda quick: {'value': 2}) for name in 'ab'}
    monkeypatch.setattr(runner, 'measurements', lambda: fake)
    kept: list[str] = []
    machine = runner.describe_machine()
    before = {'machine': machine, 'measurements': {'a': {'value': 1}, 'c': {'value': 1}}}
    run_bench(before=before, keep=lambda result: kept.append(json.dumps(result['measurements'])))
    values = [{k: v['value'] for k, v in json.loads(text).items()} for text in kept]
    assert values == [{'a': 2, 'c': 1}, {'a': 2, 'c': 1, 'b': 2}]


def test_the_result_of_another_machine_is_not_added_to(monkeypatch):
    monkeypatch.setattr(runner, 'measurements', dict)
    machine = {**runner.describe_machine(), 'cores': 99}
    with pytest.raises(ConfigError, match=r'another machine .cores: 99 there.*another file'):
        run_bench(before={'machine': machine, 'measurements': {}})


def test_a_wrong_name_is_answered_with_the_right_one():
    with pytest.raises(ConfigError, match='did you mean supervisor_tick'):
        run_bench(only=['supervisor_tik'])


def test_the_supervisor_is_measured():
    numbers = run_bench(quick=True, only=['supervisor_tick'])['measurements']['supervisor_tick']
    assert numbers['n'] == 1000
    assert 0.0 < numbers['p50_ms'] <= numbers['p99_ms']


def test_images_that_never_came_are_expected_by_their_rate():
    none = {'received': 0, 'expected': 0, 'ages_ms': []}
    some = {'received': 9, 'expected': 10, 'ages_ms': [1.0] * 9}
    assert _merged([none, some], seconds=2.0)['delivered_share'] == pytest.approx(9 / 40)
    assert 'p50_ms' not in _merged([none], seconds=2.0)


def test_what_tracing_costs_is_the_difference_of_the_rounds():
    def usage(cores: float, **processes: float) -> dict:
        own = {name: {'cpu_cores': value} for name, value in processes.items()}
        return {'cpu_cores': cores, 'processes': own}

    on = [usage(1.04, sim=0.5, trace=0.02), usage(1.06, sim=0.52, trace=0.02)]
    off = [usage(1.0, sim=0.5), usage(1.02, sim=0.5)]
    numbers = tracing.summary({'on': on, 'off': off}, {'on': [5.0, 7.0], 'off': [5.0, 5.0]})
    assert numbers['extra_cpu_cores_all'] == pytest.approx(0.04)
    assert numbers['extra_cpu_cores_all_ci95'] == pytest.approx([0.04, 0.04])
    assert numbers['extra_cpu_cores'] == pytest.approx({'sim': 0.01, 'trace': 0.02})
    assert numbers['extra_age_p50_ms'] == pytest.approx(1.0)
    assert numbers['rounds'] == 2


def test_one_round_tells_what_tracing_costs_without_an_interval():
    used = {
        'on': [{'cpu_cores': 1.1, 'processes': {}}],
        'off': [{'cpu_cores': 1.0, 'processes': {}}],
    }
    numbers = tracing.summary(used, {'on': [], 'off': []})
    assert numbers['extra_cpu_cores_all'] == pytest.approx(0.1)
    assert not [name for name in numbers if 'ci95' in name]


def test_rounds_are_in_domains_of_their_own_and_the_profile_is_optional():
    first, second = environment(), environment(profile=False)
    assert first['ROS_DOMAIN_ID'] != second['ROS_DOMAIN_ID']
    assert first['FASTRTPS_DEFAULT_PROFILES_FILE'].endswith('config/dds/local.xml')
    assert 'FASTRTPS_DEFAULT_PROFILES_FILE' not in second
    assert second['ROS_AUTOMATIC_DISCOVERY_RANGE'] == 'LOCALHOST'


@pytest.mark.parametrize(
    ('command', 'name'),
    [
        (['python', '-m', 'robot_policies.nodes.safety_node', '--ros-args'], 'safety'),
        (['python', '-m', 'robot_policies.cli', 'up'], 'starter'),
        (['/usr/bin/gz', 'sim'], 'gz'),
        ([], 'unknown'),
    ],
)
def test_processes_are_called_by_their_nodes(command, name):
    assert process_name(command) == name
