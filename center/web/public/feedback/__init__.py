"""Answering by the link in a message or on a sheet, and writing to the director, without signing in."""
