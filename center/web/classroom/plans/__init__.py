"""What staff do with the children's plans: changes seen, collectors checked, bars."""
