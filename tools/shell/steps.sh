# shellcheck shell=bash
# Sourced: runs named steps, counts them, and takes them along when the script is stopped.

steps_passed=0
steps_failed=()
child=

# Takes the whole process group of the child along and waits until it is gone, because a child
# may itself have a server to stop.
stop_child() {
  local tenths
  trap '' INT TERM HUP
  if [ -n "$child" ] && kill -TERM -- "-$child" 2>/dev/null; then
    for ((tenths = 0; tenths < 300; ++tenths)); do
      kill -0 -- "-$child" 2>/dev/null || break
      sleep 0.1
    done
  fi
  exit "$1"
}
trap 'stop_child 130' INT
trap 'stop_child 143' TERM
trap 'stop_child 129' HUP

# attend COMMAND...: runs it, passes its status on, and takes it along when a signal comes.
# A foreground child would hold a signal up until it ends, hence a background one in a group of
# its own and `wait`. On a terminal it stays in front, where it can read and gets Ctrl-C itself.
attend() {
  local status=0
  if [ -t 0 ]; then
    ("$@") || status=$?
    return "$status"
  fi
  set -m
  ("$@") <&0 &
  child=$!
  set +m
  wait "$child" || status=$?
  child=
  return "$status"
}

# Where set, a folder that keeps the output of the steps that failed, for `summary` to repeat: who
# sees only the end of a long log must still see why.
step_logs=

# step NAME COMMAND...: runs the command under its name and counts how it ended. Errexit does not
# hold inside a function given as COMMAND, so such functions chain what they do with &&.
step() {
  local name=$1 status=0 began=$SECONDS log
  shift
  printf '\n== %s\n' "$name"
  if [ -n "$step_logs" ]; then
    log=$step_logs/${#steps_failed[@]}
    { attend "$@" || status=$?; } > >(tee "$log") 2>&1
    wait $!
  else
    attend "$@" || status=$?
  fi
  if [ "$status" -eq 0 ]; then
    steps_passed=$((steps_passed + 1))
    printf -- '-- passed: %s (%d s)\n' "$name" $((SECONDS - began))
  else
    steps_failed+=("$name")
    printf -- '-- FAILED: %s (exit status %d, %d s)\n' "$name" "$status" $((SECONDS - began))
  fi
  return "$status"
}

# must NAME COMMAND...: a step without which the following ones make no sense.
must() {
  step "$@" || summary
}

# The closing line, and the exit status that goes with it.
summary() {
  local at
  for at in "${!steps_failed[@]}"; do
    [ -n "$step_logs" ] || break
    printf '\n== the end of: %s\n' "${steps_failed[at]}"
    grep -a -v -e ' OK  ' -e NEW_FUNC "$step_logs/$at" | tail -n 100 || true
  done
  [ -z "$step_logs" ] || rm -rf "$step_logs"
  echo
  for at in "${!steps_failed[@]}"; do
    echo "failed: ${steps_failed[at]}"
  done
  echo "$steps_passed passed, ${#steps_failed[@]} failed"
  [ "${#steps_failed[@]}" -eq 0 ]
  exit
}
