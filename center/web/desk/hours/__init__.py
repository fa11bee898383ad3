"""Volunteer hours at the desk."""
