# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""F3: a camera stops or freezes; the policy is not asked about the past."""

from collections.abc import Callable

import numpy as np
from robot_policies.evaluation.faults.fault import Case, Fault, INSTRUCTED, Outcome
from robot_policies.evaluation.faults.rig import Rig
from robot_policies.evaluation.faults.sources import MS
from robot_policies.ros import topics
from robot_policies.ros.codecs.header import stamp_ns

_IMAGE = topics.camera_image('front')
_OLDEST_MS = 300.0
_AGAIN_S = 30.0


def _without_images(how: str) -> Callable[[Rig], Outcome]:
    def run(rig: Rig) -> Outcome:
        limits = rig.robot.body.accelerations
        with rig.fault(f'{_IMAGE.name} {how}') as broken_ns:
            before = rig.probe.last(topics.CMD_VEL).twist
            stood_ns = rig.stands_still(broken_ns).received_ns
            violations = _asked_about_the_past(rig, broken_ns)
            last_ns = rig.probe.last_news_ns(_IMAGE, stood_ns)
        velocity = np.array([before.linear.x, before.linear.y, before.angular.z])
        ramp_ms = float(np.max(np.abs(velocity) / limits)) * 1e3
        rig.wait(rig.walks, 'walking on by itself once images come', _AGAIN_S)
        violations += rig.wrongly_latched()
        note = f'stood {(stood_ns - last_ns) / MS:.0f} ms after the last image'
        return Outcome((stood_ns - last_ns) / MS - ramp_ms, violations=violations, note=note)

    return run


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
    fault='a camera stops or freezes (same stamp)',
    reaction='policy not asked; velocity ramps to zero; resumes by itself when fresh',
    bound='300 ms, then the ramp',
    measured='last new image sent, to base velocity zero at locomotion, less the declared ramp',
    bound_ms=_OLDEST_MS,
    setting=INSTRUCTED,
    cases=(
        Case('silent', _without_images('silent')),
        Case('stamps frozen', _without_images('frozen'), short=False),
    ),
)
