"""Official documents: notices and decisions of cases as numbered, sealed and signed papers."""
