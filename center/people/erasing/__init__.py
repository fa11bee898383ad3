"""Forgetting a person: what stands in the way, what ends before, what goes, what stays without words, and why."""
