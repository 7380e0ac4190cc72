"""The read side: every function reads the public connection alone and states how many queries it takes."""
