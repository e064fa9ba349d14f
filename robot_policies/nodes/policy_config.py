# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What the policy node can be told."""

from dataclasses import dataclass, replace
from typing import Any

from robot_policies.core.params import param
from robot_policies.core.source_history import Align, SourceRule
from robot_policies.core.statistics import NS
from robot_policies.ros.tracing import TracedConfig

SMOOTH = tuple(align.value for align in Align)
"""What may be done with odometry and joint states."""
FRAMES = tuple(name for name in SMOOTH if name != Align.INTERPOLATE.value)
"""What may be done with images and scans: there is nothing between two of them."""


def _own_skew(what: str) -> Any:  # noqa: ANN401
    doc = f'Farthest of {what} from the image; 0 takes max_skew_s.'
    return param(0.0, doc=doc, unit='s', low=0.0, high=10.0)


def _align(what: str, default: str, choices: tuple[str, ...]) -> Any:  # noqa: ANN401
    return param(default, doc=f'Which {what} is taken for the instant.', choices=choices)


@dataclass(frozen=True, kw_only=True)
class PolicyNodeConfig(TracedConfig):
    """Rates, and how old and how far apart the inputs may be.

    Without images the robot has begun to stop 0.3 s after the last one: the camera's limit, a
    control period to notice, and two to come through the ramp and the safety node.
    """

    control_hz: float = param(50.0, doc='Velocities per second.', unit='Hz', low=5.0, high=500.0)
    inference_hz: float = param(
        5.0, doc='Questions to the policy per second, at most.', unit='Hz', low=0.1, high=100.0
    )
    max_horizon_s: float = param(
        5.0, doc='A chunk that reaches farther ahead is dropped.', unit='s', low=0.05, high=60.0
    )
    answer_timeout_s: float = param(
        1.0, doc='An answer that takes longer is reported.', unit='s', low=0.01, high=60.0
    )
    real_time_inference: bool = param(
        False,
        doc='Inference has a low real-time priority: the loop never waits for an interpreter '
        'whose holder waits for a core. For a policy that leaves the cores time for the rest.',
    )
    takeover_timeout_s: float = param(
        2.0,
        doc='A new policy whose inputs do not come by then is refused.',
        unit='s',
        low=0.0,
        high=60.0,
    )
    camera_timeout_s: float = param(
        0.26, doc='Oldest usable image, or features of one.', unit='s', low=0.01, high=10.0
    )
    camera_frozen_s: float = param(
        0.0,
        doc='Longest time for which images, or features of them, may be identical; 0 for ever: '
        'a simulated camera without noise repeats itself wherever nothing moves.',
        unit='s',
        low=0.0,
        high=60.0,
    )
    odom_timeout_s: float = param(
        0.2, doc='Oldest usable odometry.', unit='s', low=0.01, high=10.0
    )
    scan_timeout_s: float = param(0.3, doc='Oldest usable scan.', unit='s', low=0.01, high=10.0)
    joints_timeout_s: float = param(
        0.1, doc='Oldest usable joint state.', unit='s', low=0.01, high=10.0
    )
    max_skew_s: float = param(
        0.15,
        doc='Farthest of any input from the image, where the input has no limit of its own.',
        unit='s',
        low=0.001,
        high=10.0,
    )
    camera_max_skew_s: float = _own_skew('a further image, or features of one')
    odom_max_skew_s: float = _own_skew('odometry')
    scan_max_skew_s: float = _own_skew('a scan')
    joints_max_skew_s: float = _own_skew('joint states')
    camera_align: str = _align('image', 'newest', FRAMES)
    odom_align: str = _align('odometry', 'nearest', SMOOTH)
    scan_align: str = _align('scan', 'nearest', FRAMES)
    joints_align: str = _align('joint state', 'nearest', SMOOTH)

    def rules(self) -> dict[str, SourceRule]:
        """Return the rule of each kind of input."""
        frozen_ns = round(self.camera_frozen_s * NS)
        camera = self._rule(self.camera_align, self.camera_timeout_s, self.camera_max_skew_s)
        camera = replace(camera, max_frozen_ns=frozen_ns)
        return {
            'camera': camera,
            'features': camera,
            'scan': self._rule(self.scan_align, self.scan_timeout_s, self.scan_max_skew_s),
            'joints': self._rule(self.joints_align, self.joints_timeout_s, self.joints_max_skew_s),
            'odom': self._rule(self.odom_align, self.odom_timeout_s, self.odom_max_skew_s),
        }

    def _rule(self, align: str, timeout_s: float, max_skew_s: float) -> SourceRule:
        skew_ns = round((max_skew_s or self.max_skew_s) * NS)
        return SourceRule(Align(align), round(timeout_s * NS), skew_ns)
