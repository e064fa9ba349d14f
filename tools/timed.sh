#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
#
# Run a command under a title and say how long it took. Usage: tools/timed.sh TITLE COMMAND…
title=$1
shift
printf '== %s\n' "$title"
begun=$SECONDS
"$@"
status=$?
verdict=ok
[ $status = 0 ] || verdict="FAILED (status $status)"
printf '== %s: %s, %d s\n' "$title" "$verdict" $((SECONDS - begun))
exit $status
