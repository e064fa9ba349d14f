# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""F21: other programs want all cores."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
import os
import subprocess
import sys
import time

import numpy as np
from robot_policies.evaluation.faults.fault import Case, Fault, INSTRUCTED, Outcome
from robot_policies.evaluation.faults.rig import Rig
from robot_policies.evaluation.faults.sources import MS
from robot_policies.ros import topics
from robot_policies.ros.codecs.header import stamp_ns
from robot_policies.safety.freshness import FreshnessConfig

_BURN_S, _REPORT_S = 5.0, 1.5
_BURN = """
import os
while os.getppid() == {parent}:
    for _ in range(100_000):
        pass
"""
_STREAMS = (
    (topics.LOCOMOTION_COMMAND, 'locomotion', 20.0),
    (topics.POLICY_CMD_VEL, 'policy', 20.0),
    (topics.JOINT_COMMAND, 'safety', 5.0),
)
_READ_MS = 2.0
"""A node counts a gap of more than 1.5 periods between its own times of sending, here it is one
between the middleware's: a thread that loses its core in between makes them differ."""


@contextmanager
def all_cores_busy() -> Iterator[None]:
    """Keep every core busy with a program of ordinary priority, as from another terminal."""
    burn = [sys.executable, '-c', _BURN.format(parent=os.getpid())]
    burning = [subprocess.Popen(burn, start_new_session=True) for _ in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for process in burning:
            process.kill()
        for process in burning:
            process.wait()


def _overloaded(rig: Rig) -> Outcome:
    time.sleep(_REPORT_S)  # what was missed before has been reported
    before = [_reported(rig, node) for _, node, _ in _STREAMS]
    begun_ns = rig.now_ns
    with all_cores_busy():
        time.sleep(_BURN_S)
    time.sleep(_REPORT_S)
    notes, violations = [], []
    for (topic, node, period_ms), known in zip(_STREAMS, before, strict=True):
        sent_ns = [item.published_ns for item in rig.probe.heard(topic, begun_ns)]
        missed = missed_periods(sent_ns, period_ms)
        reported = _reported(rig, node) - known
        notes.append(f'{topic.name}: {missed} missed, {reported} reported')
        if missed > reported:
            violations.append(f'{topic.name}: {missed} missed, only {reported} reported')
    oldest_ms = _oldest_ms(rig, begun_ns)
    limit_ms = _oldest_allowed_ms()
    notes.append(f'oldest command {oldest_ms:.0f} ms of {limit_ms:.0f}')
    if oldest_ms > limit_ms:
        violations.append(f'a command {oldest_ms:.0f} ms old passed')
    return Outcome(violations=tuple(violations), note='; '.join(notes))


def _reported(rig: Rig, node: str) -> int:
    return int(rig.probe.diagnostics(node).get('output_deadline_misses', 0))


def missed_periods(sent_ns: Sequence[int], period_ms: float) -> int:
    """Return how many periods were missed for sure, by when messages were sent (ns)."""
    gaps = (np.diff(sent_ns) / MS - _READ_MS) / period_ms
    return int(np.maximum(0.0, np.floor(gaps - 0.5)).sum())


def _oldest_ms(rig: Rig, begun_ns: int) -> float:
    """Return the greatest age at the robot of what a stiff command rests on."""
    heard = rig.probe.heard(topics.JOINT_COMMAND, begun_ns)
    stiff = [item for item in heard if len(item.message.position)]
    ages = [(item.received_ns - stamp_ns(item.message)) / MS for item in stiff]
    return max(ages, default=0.0)


def _oldest_allowed_ms() -> float:
    """What the supervisor lets pass: its three limits one behind the other, and two ticks."""
    limits = FreshnessConfig()
    return (limits.basis_s + limits.locomotion_s + limits.joint_states_s) * 1e3 + 10.0


FAULT = Fault(
    id='F21',
    fault='machine overloaded (all cores busy)',
    reaction='control deadlines kept or reported; no stale command passes',
    bound='0 unreported',
    setting=INSTRUCTED,
    # what a standstill makes miss has to be reported as well
    cases=(Case('every core busy for 5 s', _overloaded, bears_standstill=True),),
)
