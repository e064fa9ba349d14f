# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What the policy node can be told."""

from dataclasses import dataclass

from robot_policies.core.observation_assembler import Align, SourceRule
from robot_policies.core.params import param
from robot_policies.core.statistics import NS
from robot_policies.ros.lifecycle import NodeConfig


@dataclass(frozen=True, kw_only=True)
class PolicyNodeConfig(NodeConfig):
    """Rates, and how old and how far apart the inputs may be."""

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
    takeover_timeout_s: float = param(
        2.0,
        doc='A new policy whose inputs do not come by then is refused.',
        unit='s',
        low=0.0,
        high=60.0,
    )
    camera_timeout_s: float = param(
        0.3, doc='Oldest usable image, or features of one.', unit='s', low=0.01, high=10.0
    )
    camera_frozen_s: float = param(
        0.0,
        doc='Longest time for which images may be identical; 0 for ever (simulated cameras).',
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
        0.15, doc='Farthest of any input from the image.', unit='s', low=0.001, high=10.0
    )

    def rules(self) -> dict[str, SourceRule]:
        """Return the rule of each kind of input."""
        skew_ns = round(self.max_skew_s * NS)
        frozen_ns = round(self.camera_frozen_s * NS)
        camera_ns = round(self.camera_timeout_s * NS)
        return {
            'camera': SourceRule(Align.NEWEST, camera_ns, skew_ns, frozen_ns),
            'features': SourceRule(Align.NEWEST, camera_ns, skew_ns),
            'scan': SourceRule(Align.NEAREST, round(self.scan_timeout_s * NS), skew_ns),
            'joints': SourceRule(Align.NEAREST, round(self.joints_timeout_s * NS), skew_ns),
            'odom': SourceRule(Align.NEAREST, round(self.odom_timeout_s * NS), skew_ns),
        }
