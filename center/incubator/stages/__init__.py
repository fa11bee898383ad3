"""Stages: what is allowed and until when, applications and their papers, interests, and the decisions that move."""
