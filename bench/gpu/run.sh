#!/usr/bin/env bash
# The GPU bench on a bare machine: see README.md beside this.
exec python3 "$(dirname "$0")/run.py" "$@"
