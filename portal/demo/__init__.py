"""The demo world: invented enterprises and people, real acts. Refused outside a world of that name."""
