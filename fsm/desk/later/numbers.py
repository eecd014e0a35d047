"""Versions that changed a number: more chats, where an administrator allows them (the guide of 2022-11-07, S02)."""

from fsm import Assumption
from fsm.desk import parameters
from fsm.desk.desk import GUIDE
from fsm.variants import Variant, assumption, replaced

chat_ceiling = parameters.otherwise(parameters.chat_ceiling, 10)

TEN_CHATS = Variant(
    "ten chats", GUIDE,
    adds=(chat_ceiling,),
    replaces=(replaced(assumption("an administrator allows five chats at most"), Assumption(
        "an administrator allows no more chats than the vendor does", parameters.max_chats <= chat_ceiling, cites="S02",
    )),),
)  # fmt: skip
