"""People: whom the centre knows, where they live, their accounts, sign-ins and roles. Imports kernel and premises."""
