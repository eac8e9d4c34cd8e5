#!/usr/bin/env bash
# multiprocessing, "spawn": a signal that is blocked around Process.start() reaches the first child all the same.
#
# Guess: a blocked signal mask is inherited, so children that are started while SIGINT is blocked never see the Ctrl-C
#   that a terminal sends to the whole process group; the standard way to leave Ctrl-C to the parent.
# Found: the first start also starts the resource tracker, which blocks SIGINT and SIGTERM for itself and then unblocks
#   both in the parent, whatever was blocked before. The first child (and any later one, if the caller does not block
#   again) is born with SIGINT unblocked. Starting the tracker beforehand is what helps.
#   The same from Python 3.10 to 3.13.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"

cat > "$folder/mask.py" <<'PY'
import multiprocessing
import signal
import sys
from multiprocessing import resource_tracker


def blocked():
    return signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def report(name):
    print(f"{name}: SIGINT blocked {blocked()}", flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "tracker first":
        resource_tracker.ensure_running()
    context = multiprocessing.get_context("spawn")
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    report("parent before")
    process = context.Process(target=report, args=("child",))
    process.start()
    process.join()
    report("parent after")
PY

"$folder/venv/bin/python" --version
as_is=$("$folder/venv/bin/python" "$folder/mask.py" "as it is")
tracker_first=$("$folder/venv/bin/python" "$folder/mask.py" "tracker first")
printf 'as it is:\n%s\ntracker started first:\n%s\n' "$as_is" "$tracker_first"
[ "$as_is" = $'parent before: SIGINT blocked True\nchild: SIGINT blocked False\nparent after: SIGINT blocked False' ]
[ "$tracker_first" = $'parent before: SIGINT blocked True\nchild: SIGINT blocked True\nparent after: SIGINT blocked True' ]
