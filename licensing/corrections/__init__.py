"""Correction of an error that the authority caused: 更正, no 变更 and no case (R-89)."""
