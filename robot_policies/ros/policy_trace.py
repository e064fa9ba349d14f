# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What the policy node's outputs rest on: pictures and the like, and the chunk being followed."""

from robot_policies.core.data_types import ActionChunk, Observation
from robot_policies.ros import topics
from robot_policies.ros.codecs.observation_sources import source_topic
from robot_policies.ros.lifecycle import ManagedNode
from robot_policies.ros.tracing import Tracer


class PolicyTrace:
    """Notes chunks, from the worker, and velocities, from the control loop."""

    def __init__(self, node: ManagedNode) -> None:
        self._tracer = Tracer(node)
        self._chunk_ns: int | None = None

    def chunk(self, chunk: ActionChunk, observation: Observation, begin_ns: int) -> None:
        """Note a chunk that is followed from now on.

        Args:
            chunk: It.
            observation: What it answers.
            begin_ns: When the policy was asked.
        """
        self._chunk_ns = chunk.stamp_ns
        causes = tuple((source_topic(use.name), use.stamps_ns[-1]) for use in observation.sources)
        self._tracer.note(topics.POLICY_CHUNK.name, chunk.stamp_ns, begin_ns, causes)

    def velocity(self, now_ns: int, plan_end_ns: int | None) -> None:
        """Note a velocity, with the newest chunk as cause while there is a plan to follow.

        Args:
            now_ns: Its stamp, and the beginning of the tick.
            plan_end_ns: Time of the last planned action; None without a plan. Without one, and
                after it, the node stands or stops on its own account.
        """
        following = plan_end_ns is not None and now_ns <= plan_end_ns
        causes: tuple[tuple[str, int], ...] = ()
        if following and self._chunk_ns is not None:
            causes = ((topics.POLICY_CHUNK.name, self._chunk_ns),)
        self._tracer.note(topics.POLICY_CMD_VEL.name, now_ns, now_ns, causes)
