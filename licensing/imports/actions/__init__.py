"""The only writers of imports: upload and withdraw, check, decide to load, load."""
