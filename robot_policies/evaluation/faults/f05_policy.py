# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""F5: the policy is gone, hangs, or falls behind its own chunks."""

from collections.abc import Callable

from robot_policies.evaluation.faults.fault import Case, Fault, INSTRUCTED, Outcome, SCRIPTED
from robot_policies.evaluation.faults.recognise import is_zero
from robot_policies.evaluation.faults.rig import Rig
from robot_policies.evaluation.faults.sources import MS, without
from robot_policies.ros import topics
from robot_policies.ros.codecs.chunks import chunk_from_msg

_WALKS_AFTER_NS = 500_000_000
"""A new instruction stops the robot at first; what walks later walks by the first good answers."""


def _process(how: str) -> Callable[[Rig], Outcome]:
    def run(rig: Rig) -> Outcome:
        with without(rig, 'policy', how) as gone_ns:
            stood_ns = rig.stands_still(gone_ns).received_ns
            last_ns = rig.probe.last_news_ns(topics.POLICY_CMD_VEL, stood_ns)
        return Outcome((stood_ns - last_ns) / MS, violations=rig.wrongly_latched())

    return run


def _answers_late(word: str) -> Callable[[Rig], Outcome]:
    """Return a run in which the policy's inference, not its node, stops answering in time."""

    def run(rig: Rig) -> Outcome:
        begun_ns = rig.now_ns
        rig.probe.instruct(f'{word} {begun_ns}')
        walked = rig.reaction(
            topics.CMD_VEL, lambda v: not is_zero(v), begun_ns + _WALKS_AFTER_NS, 'walking'
        )
        stood_ns = rig.stands_still(walked.received_ns).received_ns
        ends = [
            chunk_from_msg(heard.message).end_ns
            for heard in rig.probe.heard(topics.POLICY_CHUNK, begun_ns)
            if heard.received_ns < stood_ns
        ]
        rig.stack.end('policy')  # what hangs is not waited for
        return Outcome((stood_ns - max(ends)) / MS, violations=rig.wrongly_latched())

    return run


FAULT = Fault(
    id='F5',
    fault='policy process killed with -9, hangs, or falls behind',
    reaction='last chunk is finished only within its own horizon, then velocity zero',
    bound='100 ms after the last valid target',
    measured='last velocity of the policy sent (or end of its last chunk), to base velocity zero '
    'at locomotion',
    bound_ms=100.0,
    setting=INSTRUCTED,
    cases=(
        Case('process killed', _process('killed')),
        Case('process stopped (SIGSTOP)', _process('stopped'), short=False),
        Case('inference hangs', _answers_late('hang'), setting=SCRIPTED),
        Case('inference falls behind', _answers_late('slow'), setting=SCRIPTED, short=False),
    ),
)
