"""Desk: the clerk's pages: today's board, requests waiting, finding people, and booking for them.

Reads and acts through the packages below it.
"""
