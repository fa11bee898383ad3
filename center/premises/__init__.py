"""Premises: the centre's own facts (name, address, hours, zone, languages) and its calendar of public holidays.

Imports the kernel only.
"""
