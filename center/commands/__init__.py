"""What the `center` command does. Each module is one command; `center.commands.cli` puts them together."""
