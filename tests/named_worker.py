"""`center worker`, except that it tells mail gateways and webhooks its name, so that a storm can say who sent what."""

import socket
from pathlib import Path

from apprise import Apprise, AppriseAsset

from center.commands.cli import main
from tests.processes import Forked, become

Apprise.instantiate("json://localhost")  # loads what Apprise knows, once for all workers


class NamedWorker(Forked):
    """A worker as a process."""

    def __init__(self, environ: dict[str, str], log: Path) -> None:
        super().__init__(_work, environ, log)


def _work(environ: dict[str, str], log: Path) -> None:
    become(environ, log, "center", "worker", "--every", "0.5")
    called = environ["CENTER_TEST_NAME"]
    socket.getfqdn = lambda name="": called  # what smtplib says in EHLO
    AppriseAsset.app_id = called  # what Apprise says in User-Agent
    main()
