"""Organisations: the incubated social organisations, the centre itself and visiting departments, and their members.

Imports people and what lies below it.
"""
