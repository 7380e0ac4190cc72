"""Exercises too long for the tests, run by `./dev drill NAME`; each in databases of its own."""
