"""The second factor of those who see other people's data: a code from their phone, or a printed one."""
