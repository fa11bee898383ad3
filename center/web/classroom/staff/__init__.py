"""Who looks after the children: what they have shown, when they are on duty, and who is with the children now."""
