# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Whether and how fast 640×480 images arrive in another process.

With the shipped DDS profile and with the defaults, best effort and reliable, in turns.

The time is from just before the message is made of an array to just after the receiver has an
array again. An image counts as expected if one before and one after it has come; where none has
come at all, the expectation is the source's rate.
"""

from typing import Any

from robot_policies.evaluation.bench.measurement import aim, distribution, Measurement
from robot_policies.evaluation.bench.processes import ask, environment, running

ROUNDS, QUICK_ROUNDS = 3, 1
SECONDS, QUICK_SECONDS = 10.0, 3.0
RATE_HZ = 15.0
_SOURCE = 'robot_policies.ros.probes.image_source'
_SINK = 'robot_policies.ros.probes.image_sink'
_WAYS = {
    f'{quality}_{profile}': (quality == 'reliable', profile == 'shipped')
    for quality in ('best_effort', 'reliable')
    for profile in ('default', 'shipped')
}


def measure(quick: bool) -> dict[str, Any]:
    """Return the delivered share and the latency of the four ways, and what the profile gains."""
    seconds = QUICK_SECONDS if quick else SECONDS
    answers: dict[str, list[dict[str, Any]]] = {way: [] for way in _WAYS}
    for _ in range(QUICK_ROUNDS if quick else ROUNDS):
        for way, (reliable, shipped) in _WAYS.items():
            answers[way].append(_round(reliable, shipped, seconds))
    numbers: dict[str, Any] = {way: _merged(rounds, seconds) for way, rounds in answers.items()}
    best_effort = numbers['best_effort_shipped']['delivered_share']
    numbers['aim_best_effort_delivered'] = aim(best_effort, 1.0, at_most=False)
    default, shipped = (numbers[f'reliable_{profile}'] for profile in ('default', 'shipped'))
    if 'p50_ms' in default and 'p50_ms' in shipped:
        faster = default['p50_ms'] / shipped['p50_ms']
        numbers['aim_reliable_speed_up'] = aim(faster, 3.0, at_most=False)
    return numbers


def _round(reliable: bool, shipped: bool, seconds: float) -> dict[str, Any]:
    env = environment(profile=shipped)
    quality = ('--reliable',) if reliable else ()
    with running([(_SOURCE, '--rate', str(RATE_HZ), *quality)], env):
        return ask((_SINK, '--seconds', str(seconds), *quality), env, seconds + 60.0)


def _merged(rounds: list[dict[str, Any]], seconds: float) -> dict[str, Any]:
    received = sum(answer['received'] for answer in rounds)
    expected = sum(answer['expected'] or round(RATE_HZ * seconds) for answer in rounds)
    numbers = {'expected': expected, 'received': received, 'delivered_share': received / expected}
    ages = [age for answer in rounds for age in answer['ages_ms']]
    return numbers | (distribution(ages, 'ms') if ages else {})


MEASUREMENT = Measurement(
    'image_path', '640×480 images between processes, with and without the DDS profile', measure
)
