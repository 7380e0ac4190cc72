"""The read model in the schema `public_register`: all that the public login can see (DESIGN §3, DOMAIN §7.4).

Tables hold only what anybody may know. `objects` writes, under the application's login; `public` reads, on
the connection that sees nothing else. Views over lower floors are unmanaged and read only.
"""

from register.models.tables import (
    Licence,
    LicenceEvent,
    Progress,
)
from register.models.views import (
    CalendarDay,
    CatalogueCategory,
    CatalogueEdition,
    CatalogueUnit,
    Desk,
    Freshness,
    PublicAuthority,
    PublicDelegation,
    PublicDocument,
    PublicOrder,
    PublicProfile,
    TrustedIssuer,
)

__all__ = [
    "CalendarDay",
    "CatalogueCategory",
    "CatalogueEdition",
    "CatalogueUnit",
    "Desk",
    "Freshness",
    "Licence",
    "LicenceEvent",
    "Progress",
    "PublicAuthority",
    "PublicDelegation",
    "PublicDocument",
    "PublicOrder",
    "PublicProfile",
    "TrustedIssuer",
]
