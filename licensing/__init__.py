"""Applications, evidence, decisions and licences: the case life cycle of DOMAIN §3."""
