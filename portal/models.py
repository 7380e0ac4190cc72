"""No tables. With this module Django counts the portal among the apps that hear `post_migrate` (grants)."""
