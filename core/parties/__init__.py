"""Divisions, authorities, enterprises, people, and the one answer to who may do what."""
