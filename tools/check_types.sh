#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
#
# Check the types. Usage: tools/check_types.sh MYPY
# A busy machine may not get mypy's workers started in time (status 2): then without them.
"$1" -n 2 robot_policies
status=$?
[ $status = 2 ] || exit $status
exec "$1" robot_policies
