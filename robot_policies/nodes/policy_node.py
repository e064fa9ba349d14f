# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Runs a policy: sensors and an instruction in, `policy/cmd_vel` out at a fixed rate.

The control loop takes the inputs, hands an observation to the worker when it is due, and samples
the plan; it never waits for inference. Everything that is decided is decided in `core`.
"""

from collections.abc import Mapping, Sequence
import sys
import time
import traceback
from typing import Any, NamedTuple

from robot_policies.core.action_buffer import ActionBuffer, Merge
from robot_policies.core.clock_watch import ClockWatch
from robot_policies.core.contracts import ChunkScheduler
from robot_policies.core.data_types import Missing, Observation, VelocityCommand
from robot_policies.core.policy_executor import PolicyExecutor
from robot_policies.core.probe import check_scheduler
from robot_policies.core.statistics import NS
from robot_policies.core.velocity_ramp import VelocityRamp
from robot_policies.core.worker import LatestWinsWorker
from robot_policies.nodes.policy_config import PolicyNodeConfig
from robot_policies.nodes.policy_run import load_run, PolicyRun, run_of, Succession
from robot_policies.nodes.policy_scheduler import SchedulerParameters
from robot_policies.ros import topics
from robot_policies.ros.lifecycle import ManagedNode
from robot_policies.ros.plugin_source import declare_plugin, show_plugin
from robot_policies.ros.policy_inputs import PolicyInputs
from robot_policies.ros.policy_outputs import PolicyOutputs
from robot_policies.ros.policy_trace import PolicyTrace
from robot_policies.ros.priority import SLOW_WORK, step_back
from robot_policies.ros.real_time import INFERENCE, keep_the_interpreter_moving
from robot_policies.ros.run import run_node


class _Job(NamedTuple):
    """A question to the policy."""

    run: PolicyRun
    observation: Observation
    generation: int
    submitted_ns: int


class PolicyNode(ManagedNode):
    """Follows the instruction with the policy of `policy.checkpoint`, which may be swapped."""

    default_name = 'policy'
    config_class = PolicyNodeConfig
    config: PolicyNodeConfig

    def _setup(self) -> None:
        config = self.config
        loaded = declare_plugin(
            self.parameters, 'policy.', 'infer', self.robot, live=('checkpoint',)
        )
        self._run = run_of(loaded, self.robot, config.rules())
        self._succession, self._inputs = Succession(), PolicyInputs(self)
        self._inputs.subscribe(self._run.assembler.inputs)
        self.parameters.on_change('policy.checkpoint', self._swap)
        schedulers = SchedulerParameters(self.parameters, 'scheduler.', self.robot)
        scheduler = schedulers.declare(self._use)
        check_scheduler(scheduler, self._run.policy, self._run.label)
        buffer = ActionBuffer(scheduler, 3, round(config.max_horizon_s * NS))
        timeout_ns = round(config.answer_timeout_s * NS)
        self._executor = PolicyExecutor(buffer, VelocityRamp(self.robot.body), timeout_ns)
        self._instruction = self.latest(topics.INSTRUCTION, lambda message: message)
        self._outputs = PolicyOutputs(self)
        self._trace = PolicyTrace(self)
        self._worker = LatestWinsWorker(self._infer, self._failed, 'inference', self._give_way)
        self.own(self._worker.close)
        self._measure()
        self.every(config.control_hz, self._control, 'control')

    def _give_way(self) -> None:
        """Let the loop go before inference; in the worker's thread."""
        if not self.in_real_time:
            step_back(SLOW_WORK)
        elif self.config.real_time_inference:
            keep_the_interpreter_moving(INFERENCE)

    def _measure(self) -> None:
        self._median_ms = 0.0
        self._inference_ms = self.diagnostics.window_ms('inference')
        self._chunk_age_ms = self.diagnostics.window_ms('chunk_age')
        self._inferences = self.diagnostics.meter('inference')
        self._output = self.diagnostics.watch_output('output', self.config.control_hz)
        self.diagnostics.add_source(self._numbers)

    def _start(self) -> None:
        self._watch = ClockWatch()
        self._next_inference_ns = self._last_asked = 0
        self._output.pause()
        self._executor.restart()

    def _stop(self) -> None:
        self._executor.restart()
        self._outputs.velocity(VelocityCommand(self.now_ns()))
        self._worker.wait_idle(self.config.answer_timeout_s)

    def _control(self) -> None:
        now_ns = self.now_ns()
        self._heed_clock(now_ns)
        self._take_instruction()
        self._executor.heed(self._run.assembler.silent(now_ns))
        velocity = self._executor.velocity(now_ns)
        self._output.tick(time.monotonic_ns())
        self._outputs.velocity(velocity)
        self._trace.velocity(now_ns, self._executor.buffer.end_ns())
        self._gather(now_ns)  # last: to take in an image delays the output by milliseconds
        report = self._executor.report(now_ns)
        self._outputs.status(report, self._run.label, self._median_ms, now_ns)

    def _gather(self, now_ns: int) -> None:
        """Take in what has come, and ask the policy if it is time."""
        candidate = self._succession.candidate
        runs = (self._run,) if candidate is None else (self._run, candidate)
        self._inputs.poll(now_ns, *(run.assembler for run in runs))
        if now_ns >= self._next_inference_ns and self._executor.is_due(now_ns):
            self._next_inference_ns = now_ns + round(NS / self.config.inference_hz)
            self._run = self._succession.resolve(self._run, now_ns)
            self._ask(self._run, now_ns)

    def _heed_clock(self, now_ns: int) -> None:
        jump = self._watch.jump(now_ns)
        if jump:
            self.get_logger().warning(f'{jump}: plan and inputs dropped')
            self._run.assembler.clear()
            self._executor.restart()
            self._next_inference_ns = self._last_asked = 0

    def _take_instruction(self) -> None:
        if not self._instruction.poll():
            return
        message = self._instruction.slot.newest()
        if message is not None and self._executor.instruct(message.data):
            self._run.reset_pending.set()
            self._next_inference_ns = self._last_asked = 0

    def _ask(self, run: PolicyRun, now_ns: int) -> None:
        executor = self._executor
        observation = run.assembler.assemble(executor.instruction, now_ns)
        if isinstance(observation, Missing):
            executor.miss(observation)
            return
        if observation.stamp_ns > self._last_asked:  # the same frame would get the same answer
            self._last_asked = observation.stamp_ns
            executor.asked(now_ns)
            rules, epoch = run.assembler.rules, self._watch.jumps
            self._outputs.observation(observation, rules, epoch, now_ns)
            self._worker.submit(_Job(run, observation, executor.generation, now_ns))

    def _infer(self, job: _Job) -> None:
        """Answer one question; in the worker's thread."""
        if job.run.reset_pending.is_set():
            job.run.reset_pending.clear()
            job.run.policy.reset()
        started_ns, begin_ns = time.perf_counter_ns(), self.now_ns()
        chunk = self._executor.consult(job.run.policy, job.observation)
        self._inference_ms.add((time.perf_counter_ns() - started_ns) / 1e6)
        self._median_ms = self._inference_ms.quantiles().p50
        self._inferences.add()
        now_ns = self.now_ns()
        self._chunk_age_ms.add((now_ns - chunk.stamp_ns) / 1e6)
        outcome = self._executor.answer(chunk, job.generation, now_ns)
        if outcome is Merge.ACCEPTED:
            self._outputs.chunk(chunk)
            self._trace.chunk(chunk, job.observation, begin_ns)
            self.diagnostics.clear('inference')

    def _failed(self, job: _Job, error: Exception) -> None:
        words = f'policy {job.run.label} failed: {error!r}'
        if self.diagnostics.error('inference', words):
            trace = ''.join(traceback.format_exception(error))
            self.get_logger().error(f'{words}\n{trace}')
        self._executor.fail(job.generation, words)

    def _numbers(self) -> Mapping[str, Any]:
        buffer = self._executor.buffer
        about = {'checkpoint': self._run.label, 'scheduler': type(buffer.scheduler).__name__}
        counts = {f'chunks_{outcome.value}': buffer.counts[outcome] for outcome in Merge}
        return {**about, **buffer.numbers(), **counts}

    def _use(self, scheduler: ChunkScheduler) -> None:
        """Change over to another scheduler; in the executor's thread.

        Raises:
            PluginError: The policy does not offer what it needs; the old one stays.
        """
        check_scheduler(scheduler, self._run.policy, self._run.label)
        self._executor.buffer.use(scheduler, self.now_ns())

    def _swap(self, change: Mapping[str, Any]) -> None:
        """Load another checkpoint beside the running policy; in the executor's thread.

        That thread only answers services and publishes diagnostics: the control loop and the
        worker go on with the old policy until the new one has answered a first observation and
        all that it needs arrives.

        Raises:
            RobotPoliciesError: It cannot take over; the old one stays.
        """
        run = load_run(str(change['policy.checkpoint']), self.robot, self.config.rules())
        check_scheduler(self._executor.buffer.scheduler, run.policy, run.label)
        self._inputs.subscribe(run.assembler.inputs)
        if self.is_running and self._executor.wants_answers:
            self._succession.offer(run, self.config.takeover_timeout_s)
        else:
            self._run = run
        show_plugin(self.parameters, 'policy.', run.loaded)
        self.get_logger().info(f'policy {run.label} has taken over')


def main(args: Sequence[str] | None = None) -> int:
    """Run the node; the exit status is that of `run_node`."""
    return run_node(PolicyNode, args)


if __name__ == '__main__':
    sys.exit(main())
