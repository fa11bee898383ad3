"""Caddy in front of the site, with the configuration that README shows."""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.nginx import shown_in_readme, wait_until_ready
from tests.servers import free_port

FRAME = """
{{
  admin off
  auto_https off
}}
{shown}
"""


@contextmanager
def in_front_of(site: str, folder: Path, *, program: str) -> Iterator[str]:
    """Caddy before a web host; the address where it answers. It speaks HTTP here: there is no certificate."""
    port = free_port()
    block = re.sub(r"127\.0\.0\.1:8000", site.removeprefix("http://"), shown_in_readme("caddy"))
    block = re.sub(r"^\S+ \{", f"http://127.0.0.1:{port} {{\n  bind 127.0.0.1", block, count=1)
    (folder / "Caddyfile").write_text(FRAME.format(shown=block))
    home = {
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "PATH": os.environ["PATH"],
    }
    with (folder / "log").open("wb") as log:
        command = [program, "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
        process = subprocess.Popen(command, stderr=log, stdout=log, env=home)
    try:
        wait_until_ready(process, f"http://127.0.0.1:{port}", folder / "log")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)
