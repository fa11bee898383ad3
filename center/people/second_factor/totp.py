"""Codes that change every half minute (RFC 6238), and the key that a phone is told once."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

STEP = 30  # seconds
DRIFT = 1  # steps that a phone's clock may be early or late


def new_nonce() -> str:
    """What makes a key different from all others."""
    return secrets.token_hex(16)


def key_of(nonce: str, *, site_key: str) -> str:
    """The key as a phone takes it. A stolen database holds the nonce only, and the site's key is not in it."""
    made = hmac.new(site_key.encode(), f"second factor {nonce}".encode(), hashlib.sha1).digest()
    return base64.b32encode(made).decode()


def address_of(key: str, *, login: str, centre: str) -> str:
    """What the square code for the phone says: whose account it is, and at which centre."""
    import pyotp  # here, since nothing else needs it

    return str(pyotp.TOTP(key).provisioning_uri(name=login, issuer_name=centre))


def step_of(code: str, key: str, *, now: datetime, after: int) -> int | None:
    """The half minute whose code this is: about now, and later than `after`; None for any other code."""
    import pyotp  # here, since nothing else needs it

    totp, present = pyotp.TOTP(key), int(now.timestamp()) // STEP
    steps = [step for step in range(present - DRIFT, present + DRIFT + 1) if step > after]
    return next((step for step in steps if hmac.compare_digest(totp.at(step * STEP), code)), None)
