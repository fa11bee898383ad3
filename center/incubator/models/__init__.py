"""What the incubator keeps, by what it is about: stages and decisions, interests, reviews, publications."""
