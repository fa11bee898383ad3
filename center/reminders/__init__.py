"""Reminders: the evening before, and two hours before. Each is given once, and never for a time that was given up."""
