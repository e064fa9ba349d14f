# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""F8: chunks that must not be executed.

A chunk never crosses a process: the policy node executes what its own policy answers, and
`policy/chunk` is for viewers. So bad chunks come from where they can: in their thousands into the
executor that the node has; from a policy inside the running node; and, to show that nobody
listens, from outside on the topic.
"""

import time

from robot_policies.core.action_buffer import ActionBuffer, Merge
from robot_policies.core.contracts import PluginContext
from robot_policies.core.policy_executor import PolicyExecutor
from robot_policies.core.velocity_ramp import VelocityRamp
from robot_policies.evaluation.faults.fault import Case, Fault, Outcome, SCRIPTED
from robot_policies.evaluation.faults.policies import BAD, bad_chunk, good_chunk
from robot_policies.evaluation.faults.rig import Rig
from robot_policies.ros import topics
from robot_policies.ros.codecs.chunks import chunk_to_msg
from robot_policies.ros.probes.fuzz import chunk_parts
from robot_policies.scheduling.latest_wins import LatestWins, LatestWinsConfig

_TICK_NS = 20_000_000
_SEEN_M_S = 0.02
_IN_NODE_S = 4.0
_KEPT = {
    'late': (Merge.LATE, Merge.REORDERED),  # it is older than the newest, too
    'duplicated': (Merge.DUPLICATED,),
    'reordered': (Merge.REORDERED,),
    'future': (Merge.FUTURE,),
    'long': (Merge.WRONG_LENGTH,),
    'wide': (Merge.WRONG_WIDTH,),
    'nan': (Merge.NOT_FINITE,),
    'inf': (Merge.NOT_FINITE,),
}
_DROPPED = frozenset(Merge) - {Merge.ACCEPTED}


def _into_the_executor(rig: Rig) -> Outcome:
    """Bad chunks between good ones; each has to be dropped for its own reason."""
    scheduler = LatestWins(LatestWinsConfig(), PluginContext(robot=rig.robot))
    buffer = ActionBuffer(scheduler, 3, 5_000_000_000)
    executor = PolicyExecutor(buffer, VelocityRamp(rig.robot.body), 1_000_000_000)
    executor.instruct('walk')
    now_ns = 10_000_000_000
    violations = []
    for _ in range(rig.messages):
        now_ns += _TICK_NS
        executor.answer(good_chunk(now_ns), executor.generation, now_ns)
        last_ns = now_ns
        kind = str(rig.rng.choice(BAD))
        outcome = executor.answer(
            bad_chunk(kind, now_ns, last_ns), executor.generation, now_ns + 1
        )
        velocity = executor.velocity(now_ns + 2)
        if outcome not in _KEPT[kind] or abs(velocity.vy) > _SEEN_M_S:
            violations.append(f'{kind}: {outcome}, vy {velocity.vy:.2f}')
    dropped = sum(buffer.counts[outcome] for outcome in _DROPPED)
    if dropped != rig.messages:
        violations.append(f'{dropped} counted of {rig.messages}')
    return Outcome(injected=rig.messages, violations=tuple(violations[:5]))


def _from_a_policy(rig: Rig) -> Outcome:
    """A policy in the running node that answers badly every other time."""
    begun_ns, before = rig.now_ns, _dropped_so_far(rig)
    rig.probe.instruct(f'bad {begun_ns}')
    time.sleep(_IN_NODE_S)
    violations = _executed(rig, begun_ns)
    bad = _dropped_so_far(rig) - before
    if bad <= 0:
        violations = (*violations, 'no bad chunk was counted')
    return Outcome(injected=bad, violations=violations)


def _dropped_so_far(rig: Rig) -> int:
    """Return how many chunks the policy node has said to have dropped since it was started."""
    words = rig.probe.diagnostics('policy')
    return sum(int(words.get(f'chunks_{outcome.value}', 0)) for outcome in _DROPPED)


def _from_outside(rig: Rig) -> Outcome:
    """Chunks that look good on `policy/chunk` while the policy walks."""
    begun_ns = rig.now_ns
    topic = topics.POLICY_CHUNK
    for _ in range(rig.messages):
        chunk = bad_chunk('none', rig.now_ns, 0)
        rig.probe.say(topic, chunk_to_msg(chunk, 'base', topic.type(), *chunk_parts()))
        time.sleep(0.001)
    violations = _executed(rig, begun_ns)
    rig.probe.leave(topic)
    return Outcome(injected=rig.messages, violations=violations)


def _executed(rig: Rig, begun_ns: int) -> tuple[str, ...]:
    """Return how a bad chunk was seen at the robot: it goes sideways, good ones never do."""
    velocities = rig.probe.heard(topics.CMD_VEL, begun_ns)
    seen = max((abs(heard.message.twist.linear.y) for heard in velocities), default=0.0)
    return (f'sideways at {seen:.2f} m/s',) if seen > _SEEN_M_S else ()


FAULT = Fault(
    id='F8',
    fault='late, duplicated, reordered, future-stamped or wrong-length chunk',
    reaction='dropped and counted, never executed',
    bound='0 executed of 10,000',
    setting=SCRIPTED,
    cases=(
        Case('into the executor', _into_the_executor),
        Case('from a policy in the node', _from_a_policy),
        Case('from outside on policy/chunk', _from_outside),
    ),
)
