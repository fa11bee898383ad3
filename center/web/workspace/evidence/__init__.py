"""Evidence of an organisation: photographs of its sessions, what it spent, and packs of all of it."""
