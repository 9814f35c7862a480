"""The filing of a return (报表) as one table: what each submission, or the office's exemption, makes of it.

Timeliness and lock are derived beside it, from the due moment and the day asked about.
"""

from __future__ import annotations

from types import MappingProxyType

from include.records.life import Life
from include.records.submissions import Filing

_F = Filing

FILING_LIFE = Life(
    "return",
    "报表",
    _F.NONE,
    MappingProxyType({"none": "未报", "returned": "已退回未更正", "accepted": "已报", "exempt": "免报"}),
    MappingProxyType({"accept": "接收报送件", "return": "退回报送件", "exempt": "免报"}),
    MappingProxyType(
        {
            (_F.NONE, "accept"): _F.ACCEPTED,
            (_F.NONE, "return"): _F.RETURNED,
            (_F.NONE, "exempt"): _F.EXEMPT,
            (_F.RETURNED, "accept"): _F.ACCEPTED,
            (_F.RETURNED, "return"): _F.RETURNED,
            (_F.RETURNED, "exempt"): _F.EXEMPT,
            (_F.ACCEPTED, "accept"): _F.ACCEPTED,
            (_F.ACCEPTED, "return"): _F.ACCEPTED,  # a faulty correction leaves what was accepted
            (_F.ACCEPTED, "exempt"): _F.ACCEPTED,
            (_F.EXEMPT, "accept"): _F.ACCEPTED,  # who is exempt may still file
            (_F.EXEMPT, "return"): _F.EXEMPT,
            (_F.EXEMPT, "exempt"): _F.EXEMPT,
        }
    ),
)
