# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`python -m robot_policies.cli`."""

import sys

from robot_policies.cli.main import main

sys.exit(main())
