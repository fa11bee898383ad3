"""The rule book: pure rules, the facts that they are given, the verdict, and both in words."""
