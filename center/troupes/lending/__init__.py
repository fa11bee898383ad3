"""Costumes and props of a troupe: what there is, who has it when, what came back and how."""
