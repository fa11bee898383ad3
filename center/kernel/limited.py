"""Runs another program of ours with limits: `python -I limited.py SECONDS MEGABYTES PROGRAM ...`. See `apart`.

It imports nothing of the site. The limits are set before anything is imported that reads what people sent.
"""

import runpy
import sys
from contextlib import suppress
from math import ceil


def limit(seconds: float, megabytes: int) -> None:
    """Let the system end this process where it takes more processor time or memory; it may write no file either."""
    with suppress(ImportError):  # Windows; there the caller's clock ends it
        import resource
        import signal

        signal.setitimer(signal.ITIMER_PROF, seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (ceil(seconds) + 1, ceil(seconds) + 1))
        resource.setrlimit(resource.RLIMIT_DATA, (megabytes * 2**20, megabytes * 2**20))
        resource.setrlimit(resource.RLIMIT_AS, (4 * megabytes * 2**20, 4 * megabytes * 2**20))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _, seconds, megabytes, program, *arguments = sys.argv
    limit(float(seconds), int(megabytes))
    sys.argv = [program, *arguments]
    runpy.run_path(program, run_name="__main__")
