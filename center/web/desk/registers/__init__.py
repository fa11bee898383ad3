"""Registers at the desk: walk-ins whom nobody knows yet, and what waits for a decision."""
