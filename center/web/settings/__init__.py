"""What staff set: rooms, rules, closures, words, addresses."""
