"""The life cycle of each kind of application as a state machine: people, time and the sweep in any order."""
