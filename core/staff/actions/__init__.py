"""The only writers of what concerns the people of an authority: one function per act."""
