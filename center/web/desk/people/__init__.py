"""Accounts, doors, roles, and the end of all these."""
