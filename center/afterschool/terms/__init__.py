"""Terms of the programme: their days, the schools of the children, the rules that are published."""
