# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What a soak makes of its samples."""

import json

import numpy as np
import pytest
from robot_policies.evaluation.results_page import page
from robot_policies.evaluation.results_plots import write_plots
from robot_policies.evaluation.soak import read_samples, report
from robot_policies.evaluation.soak_growth import growth, SERIES


def test_a_leak_is_found_in_the_noise_and_noise_is_none():
    """20 MB per hour in steps, on 2 MB of noise; 5 per hour do not matter."""
    rng = np.random.default_rng(0)
    times = np.arange(0.0, 3600.0, 10.0)
    noise = 200.0 + rng.normal(0.0, 2.0, len(times))
    leak = growth(times, noise + np.floor(20.0 * times / 3600.0), allowed_per_h=5.0)
    assert leak['grows']
    assert leak['per_h'] == pytest.approx(20.0, abs=4.0)
    assert not growth(times, noise, allowed_per_h=5.0)['grows']


def test_too_few_samples_say_nothing():
    assert growth([0.0, 1.0], [1.0, 2.0], allowed_per_h=0.0)['grows'] is None


def sample(part, s, memory_mb, misses=0):
    process = {'memory_mb': memory_mb, 'shared_mb': 10.0 + s, 'descriptors': 30, 'threads': 9}
    counts = {'safety/supervisor_deadline_misses': misses, 'recorder/dropped': 3}
    return {'part': part, 's': s, 'processes': {'safety': process}, 'counts': counts}


def test_growth_is_judged_in_the_longest_part_without_its_warm_up():
    short = [sample(0, 10.0 * k, 100.0 + 50.0 * k) for k in range(20)]
    steady = [sample(1, 10.0 * k, 100.0 if k > 5 else 10.0 * k, k) for k in range(100)]
    result = report(short + steady, warm_up_s=60.0)
    assert (result['parts'], result['held']) == (2, True)
    process = result['processes']['safety']
    assert process['memory_mb']['per_h'] == pytest.approx(0.0, abs=0.1)
    assert process['shared_mb']['per_h'] == pytest.approx(3600.0, rel=0.01), 'shown, not judged'
    assert result['deadline_misses'] == {'safety/supervisor_deadline_misses': 99}
    assert result['dropped'] == {'recorder/dropped': 3}
    growing = report(short, warm_up_s=60.0)
    assert growing['grows'] == ['safety: memory_mb']
    assert not growing['held']


def test_memory_is_kept_once_per_minute_and_drawn_from_the_page(tmp_path):
    samples = [sample(0, 20.0 * k, 100.0 + k) for k in range(30)]
    result = report(samples, warm_up_s=60.0)
    assert result[SERIES]['safety'][:3] == [(0, 100.0), (1, 103.0), (2, 106.0)]
    assert len(result[SERIES]['safety']) == 10
    (tmp_path / 'soak.json').write_text(json.dumps(result))
    write_plots(tmp_path, tmp_path / 'images')
    assert (tmp_path / 'images' / 'soak.png').stat().st_size > 1000
    shown = page(tmp_path)
    assert '![soak](images/soak.png)' in shown
    assert SERIES not in shown


def test_a_soak_that_is_too_short_to_tell_has_not_held():
    few = report([sample(0, 10.0 * k, 100.0) for k in range(5)], warm_up_s=0.0)
    assert (few['grows'], few['too_short'], few['held']) == ([], True, False)


def test_a_kill_in_the_middle_of_a_line_costs_that_line(tmp_path):
    path = tmp_path / 'samples.jsonl'
    path.write_text(json.dumps(sample(0, 1.0, 1.0)) + '\n{"part": 0, "s"')
    assert len(read_samples(path)) == 1
    assert read_samples(tmp_path / 'none') == []
