# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What the tests of nodes share."""

from collections.abc import Iterator

from node_rig import NodeRig
import pytest


@pytest.fixture
def rig(ros_domain: int) -> Iterator[NodeRig]:
    """Return what runs nodes in this process; what a test starts in it ends with the test."""
    rig = NodeRig(ros_domain)
    yield rig
    rig.close()
