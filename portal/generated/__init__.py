"""Documents written from the code: error codes, settings, life cycles, requirements, the interface's description."""
