"""Versions that changed a number: more chats, where an administrator allows them (the guide of 2022-11-07, S02)."""

from fsm.desk.desk import GUIDE
from fsm.desk.parameters import WITHIN_CEILING, chat_ceiling
from fsm.variants import Variant, assumption, replaced

TEN_CHATS = Variant(
    "ten chats", GUIDE,
    adds=(chat_ceiling,),
    replaces=(replaced(assumption("an administrator allows five chats at most"), WITHIN_CEILING),),
)  # fmt: skip
