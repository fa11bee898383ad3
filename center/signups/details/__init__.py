"""Needs and answers on the sign-up form: asked of each person, changed later, and a place passed on in the family.

Owns what is asked and how it is judged. Uses people, activities and the ledger of places.
"""
