"""Feedback after a session: three questions, answered without a name unless one is wished; and complaints, which the
director alone reads.
"""
