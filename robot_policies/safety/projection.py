# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The velocity nearest to the wanted one that keeps all barriers: a small quadratic program.

A control barrier function h of a state x with x' = u is kept non-negative by every u with
∇h · u >= -α h (A. D. Ames et al., Control Barrier Functions: Theory and Applications, 2019). Of
these u the one nearest to what was wanted is taken. The solver is ProxQP (A. Bambade et al.,
PROX-QP: Yet another Quadratic Programming Solver for Robotics and beyond, 2022), warm-started with
the answer of the last tick.
"""

from typing import Any, NamedTuple

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.errors import PluginError

_FREE = 1e20
_ACCURACY = 1e-6
_SLACK = 1e-9
_IMPOSSIBLE = 1e-8
"""Accuracy of a proof that there is no answer; the default gives up on problems that have one."""


class Barriers(NamedTuple):
    """What a velocity u has to keep: `rows @ u >= least` and `lower <= u <= upper`.

    Attributes:
        rows: (m, n) gradients of the barrier functions.
        least: (m,) least rate of change of each.
        lower: (n,) bound on u.
        upper: (n,) bound on u.
    """

    rows: FloatArray
    least: FloatArray
    lower: FloatArray
    upper: FloatArray

    def kept_by(self, velocity: FloatArray) -> bool:
        """Return True if a velocity keeps them all."""
        return bool(
            (velocity >= self.lower - _SLACK).all()
            and (velocity <= self.upper + _SLACK).all()
            and (self.rows @ velocity >= self.least - _SLACK).all()
        )


def least_rates(values: FloatArray, rate: float) -> FloatArray:
    """Return the least rate of change that each barrier function may have.

    A barrier that holds may be approached at `rate` times what is left. One that is broken need
    only not get worse, so that standing still is always among the answers.

    Args:
        values: (m,) h.
        rate: α, 1/s.
    """
    return np.asarray(-rate * np.maximum(values, 0.0))


class Projection:
    """Solves problems of one size, one after the other."""

    def __init__(self, weights: FloatArray, rows: int, iterations: int) -> None:
        """Prepare the solver.

        Args:
            weights: (n,) what a deviation of each component costs, above 0.
            rows: Number of barriers in every problem.
            iterations: The solver gives up after so many.

        Raises:
            PluginError: The solver is not installed.
        """
        self._solver = _solver()
        self._weights = np.asarray(weights, dtype=np.float64)
        self._rows, self._iterations = rows, iterations
        self.reset()

    def reset(self) -> None:
        """Forget the last answer: the next problem is started cold."""
        count = len(self._weights)
        qp = self._solver.dense.QP(count, 0, self._rows, True)
        qp.settings.eps_abs = _ACCURACY
        qp.settings.eps_primal_inf = qp.settings.eps_dual_inf = _IMPOSSIBLE
        qp.settings.max_iter = self._iterations
        qp.settings.initial_guess = self._solver.InitialGuess.WARM_START_WITH_PREVIOUS_RESULT
        self._problem: Any = qp
        self._started = False
        self._no_upper = np.full(self._rows, _FREE)

    def solve(self, wanted: FloatArray, barriers: Barriers) -> FloatArray | None:
        """Return the allowed velocity nearest to `wanted`, or None if none was found.

        Args:
            wanted: (n,) velocity.
            barriers: What it has to keep, with as many rows as were announced.
        """
        if barriers.kept_by(wanted):
            return wanted
        found = self._solve(wanted, barriers)
        if found is None:
            # a start from the last answer sometimes fails where a cold one does not
            self.reset()
            found = self._solve(wanted, barriers)
        if found is None:
            self.reset()  # no later problem starts from an answer that is none
            return None
        return found.clip(barriers.lower, barriers.upper)

    def _solve(self, wanted: FloatArray, barriers: Barriers) -> FloatArray | None:
        problem, solver = self._problem, self._solver
        # solved in units of the largest speed: the solver's accuracy is absolute
        unit = max(float(barriers.upper.max()), -float(barriers.lower.min()), 1e-9)
        terms = {
            'g': -self._weights * wanted / unit,
            'C': barriers.rows,
            'l': barriers.least / unit,
            'u': self._no_upper,
            'l_box': barriers.lower / unit,
            'u_box': barriers.upper / unit,
        }
        if self._started:
            problem.update(**terms)
        else:
            problem.init(H=np.diag(self._weights), A=None, b=None, **terms)
            self._started = True
        problem.solve()
        if problem.results.info.status != solver.QPSolverOutput.PROXQP_SOLVED:
            return None
        found = np.asarray(problem.results.x) * unit
        return found if np.isfinite(found).all() else None


def _solver() -> Any:  # noqa: ANN401
    try:
        from proxsuite import proxqp
    except ImportError as error:
        raise PluginError(
            'the barrier needs the solver proxsuite, which is not installed: '
            'pip install "robot_policies[barrier]"'
        ) from error
    return proxqp
