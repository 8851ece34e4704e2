"""Who may see and do what with the records of the officers' work: one table, in parts."""

from patrols.access import base_info, disputes, ledger, month, reports, visits  # noqa: F401
