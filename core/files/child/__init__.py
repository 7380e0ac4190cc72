"""What opens a stranger's file: runs in a process of its own, under limits, without Django, database or secrets."""
