"""What everybody may read of the after-school programme: its terms, their days and rules, how to enrol a child."""
