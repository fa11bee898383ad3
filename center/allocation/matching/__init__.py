"""Who gets which weekly time of a term: points by published criteria, lots by a published seed, deferred acceptance."""
