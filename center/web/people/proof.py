"""Proof that whoever holds the browser knows the password, asked before changing phone, sign-in name or password."""

from flask_login import current_user

from center.kernel import clock
from center.people import rules


class ProofNeeded(Exception):
    """The password was not typed lately; the answer is the page that asks for it."""


def require_recent_proof() -> None:
    """Raises ProofNeeded unless whoever is signed in typed their password within the last ten minutes."""
    if not rules.is_proof_recent(current_user.proved_at, now=clock.now()):
        raise ProofNeeded
