# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Trials that another process can import: quick ones, and such that never end."""

from dataclasses import dataclass
import functools
import os
import sys
import threading
import time

import psutil
from robot_policies.evaluation.episode_record import EpisodeRecord
from robot_policies.evaluation.trials import run_missing

HELPERS = 2


@dataclass(frozen=True)
class Trial:
    number: int

    @property
    def key(self):
        return f'trial/{self.number}'


def make(slow=False):
    return functools.partial(_run, slow)


def _run(slow, trial):
    while slow:
        time.sleep(1.0)
    return {'key': trial.key, 'square': trial.number**2, 'process': os.getpid()}


def ignore(row, done, count, still_s):
    pass


def run_for_ever():
    """Run trials that never end, and print which processes help."""
    threading.Thread(target=_tell_helpers, daemon=True).start()
    trials = [Trial(k) for k in range(HELPERS)]
    endless = functools.partial(make, slow=True)
    run_missing(trials, EpisodeRecord(None, {}), endless, ignore, HELPERS)


def _tell_helpers():
    helpers = []
    while len(helpers) < HELPERS:
        time.sleep(0.01)
        children = psutil.Process().children()
        helpers = [child.pid for child in children if 'spawn_main' in ' '.join(child.cmdline())]
    sys.stdout.write(' '.join(map(str, helpers)) + '\n')
    sys.stdout.flush()
