# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""F3: a camera stops or freezes; the policy is not asked about the past."""

from collections.abc import Callable, Sequence
from itertools import groupby

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.evaluation.faults.fault import Case, Fault, INSTRUCTED, Outcome
from robot_policies.evaluation.faults.rig import Rig
from robot_policies.evaluation.faults.sources import MS
from robot_policies.ros import topics
from robot_policies.ros.codecs.header import stamp_ns
from robot_policies.ros.probes.listener import Heard

_IMAGE = topics.camera_image('front')
_OLDEST_MS = 300.0
_AGAIN_S = 30.0
_BEFORE_NS = 500_000_000
"""Some image with pixels of its own came so long before a fault."""
_STEP_NS, _JITTER_NS = 25_000_000, 10_000_000
"""A ramp of steps of 20 ms comes to zero up to a step late, and messages a little."""


def _without_images(how: str) -> Callable[[Rig], Outcome]:
    def run(rig: Rig) -> Outcome:
        with rig.fault(f'{_IMAGE.name} {how}') as broken_ns:
            stood_ns = rig.stands_still(broken_ns).received_ns
            violations = _asked_about_the_past(rig, broken_ns)
            last_ns = _last_new_image_ns(rig, broken_ns, stood_ns)
        velocities = rig.probe.heard(topics.CMD_VEL, last_ns)
        ramp_ns = ramp_began_ns(velocities, stood_ns, rig.robot.body.accelerations)
        rig.promised(rig.goes_on, 'going on by itself once images come', _AGAIN_S)
        violations += rig.wrongly_latched()
        note = f'stood {(stood_ns - last_ns) / MS:.0f} ms after the last image'
        return Outcome((ramp_ns - last_ns) / MS, violations=violations, note=note)

    return run


def _last_new_image_ns(rig: Rig, broken_ns: int, before_ns: int) -> int:
    """Return when the last image with a new stamp and new pixels was sent, system time."""
    last_ns = rig.probe.last_news_ns(_IMAGE, before_ns)
    heard = rig.probe.heard(_IMAGE, broken_ns - _BEFORE_NS)
    heard = [item for item in heard if item.published_ns <= last_ns]
    shown = heard[-1].message.data
    return next(item.published_ns for item in heard if item.message.data == shown)


def ramp_began_ns(velocities: Sequence[Heard], stood_ns: int, accelerations: FloatArray) -> int:
    """Return the system time, ns, from which the base velocity fell as fast as the robot may.

    Where it stayed the same before, that of the first slower one.

    Args:
        velocities: Messages of base velocity, oldest first.
        stood_ns: When the first one of zero came, system time.
        accelerations: (3,) the robot's largest ones of vx, vy (m/s²) and yaw rate (rad/s²).
    """
    began_ns, end_ns = stood_ns, stood_ns - _STEP_NS
    before = [item for item in velocities if item.received_ns < stood_ns]
    # a scan brings the same velocity once more between two steps: it counts when it is new
    steps = [next(same) for _, same in groupby(before, _velocity)]
    for heard in reversed(steps):
        ramp_ns = round(float(np.max(np.abs(_velocity(heard)) / accelerations)) * 1e9)
        if heard.received_ns + ramp_ns < end_ns:
            break  # from here the ramp would have come to zero earlier
        if began_ns == stood_ns:  # the last one above zero says when the ramp ends
            end_ns = heard.received_ns + ramp_ns - _JITTER_NS
        began_ns = heard.received_ns
    return began_ns


def _velocity(heard: Heard) -> tuple[float, float, float]:
    twist = heard.message.twist
    return twist.linear.x, twist.linear.y, twist.angular.z


def _asked_about_the_past(rig: Rig, broken_ns: int) -> tuple[str, ...]:
    """Return chunks that rest on an observation that was too old when it was put."""
    late = [
        (heard.published_ns - stamp_ns(heard.message)) / MS
        for heard in rig.probe.heard(topics.POLICY_CHUNK, broken_ns)
    ]
    # the answer itself takes a while: only what is older than limit and any inference counts
    return tuple(f'a chunk about {age:.0f} ms ago' for age in late if age > 3.0 * _OLDEST_MS)


FAULT = Fault(
    id='F3',
    fault='a camera stops or freezes (same stamp, or same pixels)',
    reaction='policy not asked; velocity ramps to zero; resumes by itself when fresh',
    bound='300 ms, then the ramp',
    measured='last new image sent, to the base velocity from which the ramp leads to zero',
    bound_ms=_OLDEST_MS,
    setting=INSTRUCTED,
    cases=(
        Case('silent', _without_images('silent')),
        Case('stamps frozen', _without_images('frozen'), short=False),
        Case('pixels frozen', _without_images('stuck'), short=False),
    ),
)
