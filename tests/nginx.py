"""Debian's nginx in front of the site, with the configuration that README shows."""

import re
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener

from center.kernel.config import ROOT
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


@contextmanager
def in_front_of(addresses: Sequence[str], folder: Path, *, program: str, more: str = "") -> Iterator[str]:
    """nginx before these web hosts; the address where it answers. It speaks HTTP here: there is no certificate."""
    port = free_port()
    shown = shown_in_readme("nginx")
    hosts = " ".join(f"server {urlsplit(address).netloc} max_fails=1 fail_timeout=30s;" for address in addresses)
    block = re.sub(r"server 127\.0\.0\.1:8000;", hosts, shown)
    block = re.sub(r"listen 443 ssl;", f"listen 127.0.0.1:{port};", block)
    block = re.sub(r"\s*ssl_certificate\S* .*?;", "", block)
    config = folder / "nginx.conf"
    config.write_text(FRAME.format(folder=folder, shown=block, more=more))
    process = subprocess.Popen([program, "-p", str(folder), "-c", str(config)], stderr=subprocess.DEVNULL)
    try:
        wait_until_ready(process, f"http://127.0.0.1:{port}", folder / "error.log")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def shown_in_readme(language: str) -> str:
    """The configuration that README shows in this language."""
    shown = re.search(rf"```{language}\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert shown is not None, f"README shows no configuration of {language}"
    return shown[1]


def wait_until_ready(process: "subprocess.Popen[bytes]", address: str, log: Path) -> None:
    """Until the server in front answers with a page of the site; raises AssertionError with the end of its log."""
    opener, began = build_opener(ProxyHandler({})), time.monotonic()
    while time.monotonic() - began < PATIENCE and process.poll() is None:
        try:
            with opener.open(f"{address}/healthz", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(
        f"{process.args!r} did not come up: {log.read_text()[-2000:] if log.exists() else 'it wrote no log'}"
    )
