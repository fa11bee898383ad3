"""Pages that everybody may open: boards, rooms, activities, organisations, signing in."""
