"""Amazon Connect: its agent events, polls and contact events as observations of the desk and of the journey.

fsm monitor --mapping connect-agent-events stream.jsonl

MAPPINGS           each a mapping like any other (`fsm.verification.monitoring.mapped.mapping`), by name, as data
agent_events.py    the stream of agent events, both versions
user_data.py       polls of GetCurrentUserData
contact_events.py  the customer's side, from EventBridge
desks.py           a desk as the vendor's documents show it
documents.py       what these have in common
names.py           what the desk calls what the vendor calls otherwise
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__: list[str] = []

DESK = "fsm.desk:DESK"

MAPPINGS: Mapping[str, Mapping[str, Any]] = {
    "connect-agent-events": {
        "declaration": DESK,
        "late": True,
        "source": [
            {
                "name": "agent-events",
                "format": "connect-agent-events",
                "tolerance": 1_000,
                "heartbeat": 120_000,
                "shows": {"agent": "always", "tiles": "always"},
            }
        ],
    },
    "connect-user-data": {
        "declaration": DESK,
        "late": True,
        "source": [{"name": "user-data", "format": "connect-user-data", "at": "at", "tolerance": 1_000}],
    },
    "connect-contact-events": {
        "declaration": "fsm.desk:JOURNEY",
        "source": [
            {"name": "contact-events", "format": "connect-contact-events", "tolerance": 1_000, "disorder": 60_000}
        ],
    },
}
"""The mappings, by name. Whoever knows more of a stream copies one and says so."""
