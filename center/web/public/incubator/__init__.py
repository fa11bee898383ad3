"""The incubator, as everybody sees it."""
