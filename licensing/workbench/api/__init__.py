"""The workbench for machines."""
