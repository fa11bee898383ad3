"""Runs a command, and writes to stderr what it took: `python weighing.py COMMAND ...`.

A process of its own, since a process counts the memory of the one that started it as its own until it has more.
"""

import json
import os
import subprocess
import sys

if __name__ == "__main__":
    child = subprocess.Popen(sys.argv[1:], stderr=subprocess.DEVNULL)  # it reads our stdin and writes to our stdout
    _pid, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    took = {"code": child.returncode, "seconds": used.ru_utime + used.ru_stime, "megabytes": used.ru_maxrss / 1024}
    sys.stderr.write(json.dumps(took))
