"""Who may see and hand over the weekly notice of disputes."""

from patrols.models import DisputeNotice
from villages.access import OWN_VILLAGES, SEE_BY_VILLAGE
from villages.models import Village
from xinjin.access.engine import register

register(
    {
        (DisputeNotice, "view"): SEE_BY_VILLAGE,
        # The notice is made from records: what is asked for is a village, of whose week there may be no row yet.
        (Village, "report_disputes"): OWN_VILLAGES,
    }
)
