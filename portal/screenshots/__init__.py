"""`./dev screenshots`: pictures of every main page, from a demo world of its own at a fixed moment."""
