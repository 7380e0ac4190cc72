"""The people of an authority: officials, duties and their dates, absence, hand-over, lost second factors (DOMAIN §8)."""
