"""What the `center` command does. Each module is one command; `center.cli` puts them together."""
