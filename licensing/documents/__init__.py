"""Which act of a case gives which official document, and what it says: one module per family of papers."""
