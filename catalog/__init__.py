"""The negative list: product categories and units, dated versions, authority level with its reason (R-6 … R-18)."""
