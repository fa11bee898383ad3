"""Staff's pages of allocations: making a round, its result, publishing it; and swaps."""
