# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""F15: the camera shows what no training data held: the light goes out.

How well other strangeness is told from what is normal, and how often a false alarm comes in hours
of walking, says `robot-policies eval go2_novelty`.
"""

from collections.abc import Callable
import time
from typing import Any

from robot_policies.evaluation.faults.fault import Case, Fault, NotHeldError, Outcome, WATCHED
from robot_policies.evaluation.faults.recognise import speed
from robot_policies.evaluation.faults.rig import Rig, STEERING
from robot_policies.evaluation.faults.sources import MS
from robot_policies.ros import topics
from robot_policies.ros.codecs.novelty import novelty_from_msg
from robot_policies.ros.probes.listener import Heard
from robot_policies.safety.feature_novelty import FeatureNoveltyConfig

_IMAGE = topics.camera_image('front')
_WORDS = 'unlike the training data'
_CONFIG = FeatureNoveltyConfig()
_WAYS_MS = 300.0
"""Four images: a score that is late delays what rests on it, and the ways between nodes."""
_AGAIN_S, _NOMINAL_S = 15.0, 300.0
_LEFT = 0.125
"""Share of the light that is left."""


def _dark(timed: str) -> Callable[[Rig], Outcome]:
    """Return a run that times `slower` or `standing`, of the same course of events."""

    def run(rig: Rig) -> Outcome:
        times_ms, violations, note = _seen_in_the_dark(rig)
        return Outcome(times_ms[timed], violations=tuple(violations), note=note)

    return run


def _seen_in_the_dark(rig: Rig) -> tuple[dict[str, float], list[str], str]:
    """Return the times from the novelty that lasts, what was wrong, and when it was told."""
    slow_m_s = _CONFIG.slow_factor * STEERING[0] + 1e-3
    with rig.fault(f'{_IMAGE.name} dim {_LEFT}') as broken_ns:
        strange = rig.reaction(_IMAGE, lambda _: True, broken_ns, 'a strange image')
        first = rig.reaction(topics.NOVELTY, _is_novel, strange.published_ns, 'novelty')
        slow = rig.reaction(
            topics.CMD_VEL,
            lambda velocity: speed(velocity) <= slow_m_s,
            first.published_ns,
            'slowing down',
        )
        stood = rig.stands_still(first.published_ns)
        novel = _lasting(rig.probe.heard(topics.NOVELTY, strange.published_ns), stood)
        rig.reaction(
            topics.SAFETY_STATUS,
            lambda message: _WORDS in message.message,
            strange.published_ns,
            f'{_WORDS!r} in the status',
        )
    violations = []
    if slow.received_ns == stood.received_ns:
        violations.append('stood at once, and should have slowed down first')
    rig.promised(rig.walks, 'walking on by itself once images are normal', _AGAIN_S)
    violations += rig.wrongly_latched()
    reactions = {'slower': slow, 'standing': stood}
    times_ms = {k: (v.received_ns - novel.published_ns) / MS for k, v in reactions.items()}
    told_ms = (novel.published_ns - strange.published_ns) / MS
    return times_ms, violations, f'novel {told_ms:.0f} ms after the first strange image'


def _lasting(scores: list[Heard], stood: Heard) -> Heard:
    """Return the first score of the novelty that lasted until the robot stood."""
    lasting: Heard | None = None
    for score in scores:
        if score.received_ns < stood.received_ns:
            lasting = (lasting or score) if _is_novel(score.message) else None
    if lasting is None:
        raise NotHeldError('it stood, and not because of novelty')
    return lasting


def _is_novel(message: Any) -> bool:  # noqa: ANN401
    return novelty_from_msg(message).ratio > 1.0


def _nothing_strange(rig: Rig) -> Outcome:
    begun_ns, until = rig.now_ns, time.monotonic() + _NOMINAL_S
    alarms = 0
    while time.monotonic() < until:
        time.sleep(1.0)  # what is heard is kept for some seconds
        heard = rig.probe.heard(topics.SAFETY_STATUS, begun_ns)
        begun_ns = rig.now_ns
        alarms += any(_WORDS in item.message.message for item in heard)
    words = (f'{alarms} s of {_NOMINAL_S:.0f} s of walking were an alarm',) if alarms else ()
    return Outcome(violations=words, note=f'{_NOMINAL_S:.0f} s of walking')


FAULT = Fault(
    id='F15',
    fault="observation far outside the policy's training data (the light goes out)",
    reaction='slow, then HOLD; reported; goes on by itself',
    bound='as configured: slower after 0.5 s, HOLD after 2 s, each with 300 ms for the ways; no '
    'alarm in 5 min of walking',
    measured='first score of the novelty that lasts sent, to the base velocity at locomotion',
    bound_ms=1e3 * _CONFIG.hold_after_s + _WAYS_MS,
    setting=WATCHED,
    cases=(
        Case('an eighth of the light: standing', _dark('standing')),
        Case(
            'an eighth of the light: slower',
            _dark('slower'),
            bound_ms=1e3 * _CONFIG.slow_after_s + _WAYS_MS,
            short=False,
        ),
        Case('nothing strange', _nothing_strange, once=True, short=False),
    ),
)
