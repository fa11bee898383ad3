"""Devices that check people in: announced, listed, revoked."""
