# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Runs the episodes that a record lacks, in this process or in several."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import as_completed, ProcessPoolExecutor
import multiprocessing
import os
import time
from typing import Any, Protocol, TypeVar

from robot_policies.bringup.process import ChildSetup
from robot_policies.core.errors import ConfigError
from robot_policies.evaluation.episode_record import EpisodeRecord


class Keyed(Protocol):
    """An episode that is to be run."""

    @property
    def key(self) -> str:
        """What tells it from the others, in the record too."""


TrialT = TypeVar('TrialT', bound=Keyed)
Row = dict[str, Any]
Run = Callable[[TrialT], Row]
"""Runs an episode; its row holds the episode's `key`."""
Report = Callable[[Row, int, int, float], None]
"""Is told of a finished row, how many of how many are done, and the seconds that are left."""

_run: Callable[[Any], Row] | None = None
"""What a helping process runs its episodes with; made once in each."""


def run_missing(
    trials: Sequence[TrialT],
    record: EpisodeRecord,
    make: Callable[[], Run[TrialT]],
    report: Report,
    jobs: int = 1,
) -> list[Row]:
    """Run what is not in the record yet, and keep every episode as soon as it has ended.

    Args:
        trials: All episodes; what one of them draws at random depends on nothing but itself.
        record: What has been run, and where to keep the rest.
        make: Loads what episodes are run with, in each process; picklable if `jobs` > 1.
        report: Takes progress.
        jobs: Number of processes.

    Returns:
        The rows in the order of the trials.
    """
    left = [trial for trial in trials if trial.key not in record.rows]
    if left:
        started_s, before = time.monotonic(), len(trials) - len(left)
        for done, row in enumerate(_rows(left, make, jobs), start=1):
            record.add(row)
            still_s = (time.monotonic() - started_s) / done * (len(left) - done)
            report(row, before + done, len(trials), still_s)
    return [record.rows[trial.key] for trial in trials]


def number_of_jobs(values: Mapping[str, str], where: str) -> int:
    """Return how many processes the setting `jobs` asks for.

    Raises:
        ConfigError: It is no number from 1 on.
    """
    text = values['jobs']
    if not text.isdecimal() or int(text) < 1:
        raise ConfigError(where, [f'jobs={text}: expected how many processes, e.g. 2'])
    return int(text)


def _rows(left: Sequence[TrialT], make: Callable[[], Run[TrialT]], jobs: int) -> Iterator[Row]:
    if jobs == 1:
        yield from map(make(), left)
        return
    # never a fork: a renderer's context and PyTorch's threads do not survive it
    context = multiprocessing.get_context('spawn')
    pool = ProcessPoolExecutor(min(jobs, len(left)), context, _begin, (os.getpid(), make))
    try:
        for future in as_completed([pool.submit(_one, trial) for trial in left]):
            yield future.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _begin(parent: int, make: Callable[[], Callable[[Any], Row]]) -> None:
    global _run  # noqa: PLW0603
    ChildSetup(parent)()
    _run = make()


def _one(trial: Keyed) -> Row:
    assert _run is not None
    return _run(trial)
