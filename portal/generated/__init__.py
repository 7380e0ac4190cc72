"""Documents written from the code: errors, settings, life cycles, requirements, authority, the API’s description."""
