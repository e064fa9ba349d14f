# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Episodes that a record lacks: run once, in one process or several, and never lost."""

from pathlib import Path

from helped_trials import ignore, make, Trial
from killed_parent import outlived_by
import pytest
from robot_policies.core.errors import ConfigError
from robot_policies.evaluation.episode_record import EpisodeRecord
from robot_policies.evaluation.trials import number_of_jobs, run_missing

TRIALS = [Trial(k) for k in range(5)]


def test_an_interrupted_run_goes_on_with_what_is_missing(tmp_path):
    path, asked = tmp_path / 'record.jsonl', []

    def interrupted(trial):
        asked.append(trial.number)
        if len(asked) == 4:
            raise KeyboardInterrupt
        return {'key': trial.key, 'number': trial.number}

    with pytest.raises(KeyboardInterrupt):
        run_missing(TRIALS, EpisodeRecord(path, {}), lambda: interrupted, ignore)
    rows = run_missing(TRIALS, EpisodeRecord(path, {}), lambda: interrupted, ignore)
    assert asked == [0, 1, 2, 3, 3, 4]
    assert [row['number'] for row in rows] == [0, 1, 2, 3, 4]


def test_nothing_is_loaded_when_nothing_is_missing(tmp_path):
    record = EpisodeRecord(tmp_path / 'record.jsonl', {})
    for trial in TRIALS:
        record.add({'key': trial.key})
    assert len(run_missing(TRIALS, record, lambda: pytest.fail('loaded'), ignore)) == 5


def test_progress_counts_what_an_earlier_run_has_done():
    record, told = EpisodeRecord(None, {}), []
    record.add({'key': TRIALS[0].key})
    run_missing(TRIALS, record, make, lambda row, done, count, still_s: told.append((done, count)))
    assert told == [(2, 5), (3, 5), (4, 5), (5, 5)]


def test_several_processes_give_the_rows_of_one_and_keep_each_of_them(tmp_path):
    path = tmp_path / 'record.jsonl'
    rows = run_missing(TRIALS, EpisodeRecord(path, {}), make, ignore, jobs=2)
    alone = run_missing(TRIALS, EpisodeRecord(None, {}), make, ignore)
    assert [row['square'] for row in rows] == [row['square'] for row in alone] == [0, 1, 4, 9, 16]
    assert {row['process'] for row in rows}.isdisjoint(row['process'] for row in alone)
    assert set(EpisodeRecord(path, {}).rows) == {trial.key for trial in TRIALS}


def test_helping_processes_end_with_the_one_that_is_killed():
    folder = str(Path(__file__).parent)
    program = f'import sys; sys.path.insert(0, {folder!r})\n'
    program += 'from helped_trials import run_for_ever; run_for_ever()'
    assert outlived_by(program) == []


@pytest.mark.parametrize('jobs', ['0', '-1', 'two', ''])
def test_a_number_of_processes_that_is_none_is_refused(jobs):
    with pytest.raises(ConfigError, match='expected how many processes'):
        number_of_jobs({'jobs': jobs}, 'go2_chunking')
