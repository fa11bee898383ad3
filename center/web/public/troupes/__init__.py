"""Troupes as everybody may read of them, and asking to join one."""
