"""What an organisation in the incubator agrees, files and reports."""
