"""`center worker`, except that it tells mail gateways and webhooks its name, so that a storm can say who sent what."""

import os
import socket

from apprise import AppriseAsset

from center.cli import main

if __name__ == "__main__":
    name = os.environ["CENTER_TEST_NAME"]
    socket.getfqdn = lambda _name="": name  # what smtplib says in EHLO
    AppriseAsset.app_id = name  # what Apprise says in User-Agent
    main()
