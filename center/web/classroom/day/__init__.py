"""The day page: who comes, who is here, who went home with whom; and what belongs to a day."""
