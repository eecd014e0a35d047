"""Files in a chat, where they are switched on: the guide of 2021-01-20 (S04)."""

from fsm import Rule, wire
from fsm.desk import events, parameters
from fsm.desk.desk import GUIDE, tiles
from fsm.desk.vocabulary import Text
from fsm.variants import Variant, replaced, rule, wiring

attachments = parameters.otherwise(parameters.attachments, True)
(text,) = GUIDE.wires_on(events.Text)

ATTACHMENTS = Variant(
    "files in a chat", GUIDE,
    adds=(attachments,),
    replaces=(
        replaced(wiring(events.Text), text, wire(events.Attach, tiles[events.Attach.contact].by(Text, speaker=events.Attach.speaker))),
        replaced(rule(GUIDE.rules[-1].name), GUIDE.rules[-1], Rule("a chat is text only", on=events.Attach, when=attachments, cites="S04")),
    ),
)  # fmt: skip
