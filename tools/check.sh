#!/bin/sh
# What the hooks, `make check` and CI run. Every step runs; the exit code says whether all passed.
set -u
bin=.venv/bin
failed=""

step() {
  name=$1
  shift
  printf '— %s\n' "$name"
  "$@" || failed="$failed $name"
}

step format "$bin/ruff" format --check -q .
step lint "$bin/ruff" check -q .
step types "$bin/mypy"
step imports "$bin/lint-imports" --no-logo
step dependencies "$bin/deptry" .
step spelling "$bin/typos" -q
step yaml "$bin/yamllint" -s config.yml nlu responses
step tree "$bin/python" -m tools.tidy
step content "$bin/python" -m bot check
[ -z "$failed" ] || { printf 'check: failed:%s\n' "$failed" >&2; exit 1; }
printf 'check: all passed\n'
