"""What makes pages fast that many read, or that one reads often. Whoever adds another page needs none of it.

`json_rows` reads small tables whole, as texts that the database wrote. `read_cache` knows that nothing has been written
since, of a kind of rows or of all; its `while_settings_stand` knows it of what staff have set, for actions, too.
`fragment_cache` keeps a drawn page for as long as what it shows stays the same. See docs/decisions/0008.
"""
