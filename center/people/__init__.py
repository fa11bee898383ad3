"""People: whom the centre knows, where they live, their accounts, sessions and roles. Imports the kernel and premises."""
