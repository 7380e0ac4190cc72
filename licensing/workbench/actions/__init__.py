"""What the workbench writes: notes on cases, saved views, habits, and one act on each of many cases."""
