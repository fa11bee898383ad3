"""The incubator of social organisations: from an application to its decision, and what follows."""
