"""Ground floor of the house: mechanisms every app stands on. Nothing here knows what a licence is."""
