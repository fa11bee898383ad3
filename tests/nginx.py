"""Debian's nginx in front of the site, with the configuration that README shows."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener

from center.config import ROOT
from tests.servers import PATIENCE, free_port

FRAME = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 1;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  {more}
  {shown}
}}
"""


def find_nginx() -> str | None:
    """The program, where this machine has it (as from Debian's package), or the one that CENTER_TEST_NGINX names."""
    given = os.environ.get("CENTER_TEST_NGINX")
    return given or shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


@contextmanager
def in_front_of(addresses: Sequence[str], folder: Path, *, program: str, more: str = "") -> Iterator[str]:
    """nginx before these web hosts; the address where it answers. It speaks HTTP here: there is no certificate."""
    port = free_port()
    shown = re.search(r"```nginx\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert shown is not None, "README shows no configuration of nginx"
    hosts = " ".join(f"server {urlsplit(address).netloc} max_fails=1 fail_timeout=30s;" for address in addresses)
    block = re.sub(r"server 127\.0\.0\.1:8000;", hosts, shown[1])
    block = re.sub(r"listen 443 ssl;", f"listen 127.0.0.1:{port};", block)
    block = re.sub(r"\s*ssl_certificate\S* .*?;", "", block)
    config = folder / "nginx.conf"
    config.write_text(FRAME.format(folder=folder, shown=block, more=more))
    process = subprocess.Popen([program, "-p", str(folder), "-c", str(config)], stderr=subprocess.DEVNULL)
    try:
        _wait_until_ready(process, f"http://127.0.0.1:{port}", folder)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _wait_until_ready(process: "subprocess.Popen[bytes]", address: str, folder: Path) -> None:
    opener, began = build_opener(ProxyHandler({})), time.monotonic()
    while time.monotonic() - began < PATIENCE and process.poll() is None:
        try:
            with opener.open(f"{address}/healthz", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    log = folder / "error.log"
    raise AssertionError(f"nginx did not come up: {log.read_text()[-2000:] if log.exists() else 'it wrote no log'}")
