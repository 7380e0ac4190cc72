"""Every hostile file we know of, made here and nowhere kept: what it is, and the one reason it must be refused for."""

from tests.core_files.hostile import active, pictures, sizes, strangers
from tests.core_files.hostile.making import FILES, Hostile

__all__ = ["FILES", "Hostile", "active", "pictures", "sizes", "strangers"]
