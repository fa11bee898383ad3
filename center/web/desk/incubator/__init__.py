"""The incubator, as those see it who run it."""
