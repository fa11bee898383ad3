"""Rounds of allocation before anybody wishes: the weekly times of a term, and what counts."""
