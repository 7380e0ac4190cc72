"""What the workbench reads: every list begins from what the person's standing may see."""
