"""Pages about the people of an authority: `people` shows them, `acts` and `resets` change something."""
