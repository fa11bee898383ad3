"""The register of community organisations (备案): valid three years, renewed in time, reported of every quarter."""
