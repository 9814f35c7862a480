"""Which paper a year's working days rest on: the State Council's yearly notices, as far as looked up."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

NOTICES: Mapping[int, str] = MappingProxyType(
    {
        2024: "国办发明电〔2023〕7号，2023年10月25日",
        2025: "国办发明电〔2024〕12号，2024年11月12日",
        2026: "国办发明电〔2025〕7号，2025年11月4日",
    }
)
