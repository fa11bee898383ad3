"""Feedback and complaints: the forms that several areas show."""
