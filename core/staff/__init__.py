"""The people of an authority: officials, duties and their dates, absence, hand-over, second factors (DOMAIN §8)."""
