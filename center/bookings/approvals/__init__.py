"""Requests that wait for a decision: the list of them, what helps to decide, and taking a decision back."""
