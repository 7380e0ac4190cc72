"""What each database login may do (DESIGN §3). Given anew after every migration, by the owner."""

from typing import Any

from django.db import connections

APPEND_ONLY = ("ledger_ledgerentry", "ledger_world")

GRANTS = """
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO portal_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO portal_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO portal_app;
REVOKE UPDATE, DELETE, TRUNCATE ON ledger_ledgerentry FROM portal_app;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON ledger_world FROM portal_app;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON django_migrations FROM portal_app;
GRANT USAGE ON SCHEMA public_register TO portal_app, portal_public;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public_register TO portal_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public_register TO portal_app;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM portal_public;
REVOKE ALL ON SCHEMA public FROM portal_public;
GRANT SELECT ON ALL TABLES IN SCHEMA public_register TO portal_public;
"""


def grant_after_migrate(using: str, **kwargs: Any) -> None:
    """Run the grants where the login owns the tables and the three roles exist; elsewhere there is nothing to give."""
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_roles WHERE rolname IN ('portal_app', 'portal_public')"
            " UNION ALL SELECT count(*) FROM pg_tables WHERE tablename = 'ledger_ledgerentry'"
            " AND tableowner = current_user"
        )
        if [row[0] for row in cursor.fetchall()] == [2, 1]:
            cursor.execute(GRANTS)
