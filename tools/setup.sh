#!/bin/sh
# Sets up what `make run` (argument: run) and `make test` (argument: dev) need, saying what it does
# and, when something is missing, what to install. Does nothing when everything is there already.
set -eu

want=${1:-run}
python=${PYTHON:-python3}
bin=.venv/bin

say() { printf '%s\n' "$*" >&2; }
stop() { say "setup: $*"; exit 1; }

command -v "$python" >/dev/null 2>&1 ||
  stop "Python is missing. Install Python 3.11 or newer (Debian: sudo apt install python3 python3-venv; macOS: brew install python)."
if [ ! -x "$bin/python" ]; then
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    stop "$("$python" --version 2>&1) is too old. Install Python 3.11 or newer, or name one: make $want PYTHON=python3.12."
  "$python" -c 'import venv, ensurepip' >/dev/null 2>&1 ||
    stop "Python's venv module is missing. Install it (Debian: sudo apt install python3-venv), then run make again."
  say "1/3  environment in .venv ($("$python" --version 2>&1))"
  "$python" -m venv .venv || stop "the environment could not be made in .venv. Is this folder writable and the disk not full?"
fi

# $1: lock files, $2: stamp. Installs with hashes checked; uv when it can be had, else pip.
install() {
  stamp="$bin/.$2"
  fresh=yes
  for lock in $1; do [ "$stamp" -nt "$lock" ] || fresh=no; done
  [ "$fresh" = yes ] && return 0
  say "2/3  packages for $2 (about 10 seconds with uv, a minute with pip)"
  arguments=""
  for lock in $1; do arguments="$arguments -r $lock"; done
  [ -x "$bin/uv" ] || "$bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r requirements-uv.lock || true
  # shellcheck disable=SC2086
  if ! { [ -x "$bin/uv" ] && VIRTUAL_ENV=.venv "$bin/uv" pip install -q --require-hashes $arguments; }; then
    say "     uv did not do it; trying pip"
    "$bin/python" -m pip install -q --disable-pip-version-check --require-hashes $arguments ||
      stop "the packages could not be installed. Is the network there? Run make again when it is."
  fi
  touch "$stamp"
}

install requirements.lock runtime
[ "$want" != dev ] || install "requirements.lock requirements-dev.lock" tests

model=${BOT_MODEL_DIR:-.model}
# Newer than all it is made from: nothing to look at. Otherwise its hashes are compared.
if [ -f "$model/model.json" ] && [ -d "$model/encoder" ] &&
  [ -z "$(find nlu/data nlu/tuned config.yml nlu/taxonomy.yml nlu/*.py -newer "$model/model.json")" ]; then
  exit 0
fi
say "3/3  the model in $model (one to three minutes when it has to be built)"
"$bin/python" -m bot train --if-needed || stop "the model could not be built; the message above says why."
touch "$model/model.json"
