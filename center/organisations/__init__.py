"""Organisations: the incubated social organisations, the centre itself and visiting departments, and who belongs to them.

Imports people and what lies below it.
"""
