# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Routes as names and numbers, for `/diagnostics`."""

from robot_policies.core.statistics import Quantiles
from robot_policies.core.trace_window import RouteQuantiles


def route_numbers(route: RouteQuantiles) -> dict[str, float]:
    """Return what is published of a route: `<origin> | <what>_p50_ms` and so on.

    `reaction` and `age` are as in `RouteQuantiles`, each with p50, p99 and max; then each hop,
    with its place and the topic that it ends with, of images and joint states: the hops of the
    other origins are the same from the policy or the controller on.
    """
    numbers = _quantiles(f'{route.name} | reaction', route.reaction)
    numbers |= _quantiles(f'{route.name} | age', route.age)
    if route.name.startswith('camera/') or route.name == 'joint_states':
        for place, hop in enumerate(route.hops, start=1):
            numbers |= _quantiles(f'{route.name} | {place} {hop.topic}', hop.elapsed)
    return numbers


def _quantiles(key: str, value: Quantiles) -> dict[str, float]:
    return {
        f'{key}_p50_ms': value.p50,
        f'{key}_p99_ms': value.p99,
        f'{key}_max_ms': value.maximum,
    }
