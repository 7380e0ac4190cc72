"""The one place where the matrix learns how an act is performed.

A new act or reading gets a line in `ACTS` of `case_acts.py`, `licence_acts.py`, `correction_acts.py`, `office_acts.py`,
`standing_acts.py` or `import_acts.py` and its rows in `tests/authority_matrix.csv`; what it is done to, if that is new,
a line in `cases.MAKERS`. A row without its act, or an act without a row, fails the test.
"""

from tests.support.authority import (
    case_acts,
    correction_acts,
    import_acts,
    licence_acts,
    office_acts,
    standing_acts,
)

ACTS = (
    case_acts.ACTS
    | licence_acts.ACTS
    | correction_acts.ACTS
    | office_acts.ACTS
    | standing_acts.ACTS
    | import_acts.ACTS
)
