"""The officials' workbench: lists, search, keyboard, many cases at once, notes, the team's load."""
