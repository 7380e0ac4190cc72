"""Statutory time: what a working day is, when a limit ends, and why (DOMAIN §4)."""
