# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Sources and processes that fall silent: what F1 to F7 share."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from robot_policies.evaluation.faults.fault import Outcome
from robot_policies.evaluation.faults.rig import Rig
from robot_policies.ros import topics

MS = 1e6


@contextmanager
def without(rig: Rig, node: str, how: str) -> Iterator[int]:
    """Take a process out; gives the system time just before.

    Args:
        rig: Brings a killed process back when it recovers.
        node: Whose process.
        how: `killed` with -9; `stopped` goes on afterwards.
    """
    if how == 'killed':
        yield rig.stack.kill(node)
        return
    with rig.stack.stopped(node) as stopped_ns:
        yield stopped_ns


def damps_without(topic: topics.Topic, how: str) -> Callable[[Rig], Outcome]:
    """Return a run that breaks a topic and waits for damping.

    Args:
        topic: What is broken.
        how: A kind of `ros.fault_injection`.
    """

    def run(rig: Rig) -> Outcome:
        with rig.fault(f'{topic.name} {how}') as broken_ns:
            damped_ns = rig.damped(broken_ns).received_ns
            rig.need_latch()
        return Outcome((damped_ns - rig.probe.last_news_ns(topic, damped_ns)) / MS)

    return run


def stands_without(topic: topics.Topic, how: str) -> Callable[[Rig], Outcome]:
    """Return a run that breaks a topic and waits for a base velocity of zero, without a latch."""

    def run(rig: Rig) -> Outcome:
        with rig.fault(f'{topic.name} {how}') as broken_ns:
            stood_ns = rig.stands_still(broken_ns).received_ns
        violations = rig.wrongly_latched()
        last_ns = rig.probe.last_news_ns(topic, stood_ns)
        return Outcome((stood_ns - last_ns) / MS, violations=violations)

    return run
