"""What makes the boards fast. Only they use it: who adds any other page needs none of it.

`listings` reads small tables whole, as texts that the database wrote; `unchanged` knows that nothing has been written
since; `drawing` keeps a drawn page for as long as what it shows stays the same. See docs/decisions/0008-drawn-once.md.
"""
