#!/bin/sh
# Teaches the encoder on nlu/data and writes nlu/tuned: half an hour on two cores. Needed only when
# the examples have changed much; `make setup` and the service use what is kept there.
set -eu

place=.tuning/venv
say() { printf '%s\n' "$*" >&2; }
stop() { say "encoder: $*"; exit 1; }

lock=nlu/tuning/requirements.lock
if [ ! "$place/.stamp" -nt "$lock" ]; then
  say "1/2  environment in $place (torch; several GB on Linux, once)"
  .venv/bin/python -m venv "$place" || stop "the environment could not be made in $place."
  if ! { [ -x .venv/bin/uv ] && VIRTUAL_ENV="$place" .venv/bin/uv pip install -q --require-hashes -r "$lock"; }; then
    "$place/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r "$lock" ||
      stop "the packages could not be installed. Is the network there? Run make encoder again when it is."
  fi
  touch "$place/.stamp"
fi
say "2/2  tuning"
exec .venv/bin/python -m bot train --encoder
