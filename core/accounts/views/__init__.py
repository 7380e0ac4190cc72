"""Pages of an account. `entrance` is for visitors, `security` and `home` for whoever is signed in."""
