"""What everybody sees of activities: the list, the page, feeds, photos, posters, and what machines read of them."""
