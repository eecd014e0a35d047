"""Only another speaker starts the text timer again: the guide of 2023-02-18 (S15)."""

from fsm import KEY, NOW, choice, named
from fsm.desk import parameters
from fsm.desk.desk import TILE, channel, connected, last_text_at, offered
from fsm.desk.vocabulary import Channel, End, Fail, Speaker, Text, TextTimerReset
from fsm.variants import Variant, line, replaced

speaker_change = parameters.otherwise(parameters.speaker_change, True)
speaker = choice("speaker", Speaker, doc="who wrote last in this conversation")

written = (channel == Channel.CHAT) & (Text.speaker != Speaker.NOBODY)
starts_again = named("text timer starts again", written & (~speaker_change | (Text.speaker != speaker)))
goes_on = named("text timer goes on", written & speaker_change & (Text.speaker == speaker))
starts = (
    connected.on(Text).when(starts_again).stay().set(speaker, Text.speaker).set(last_text_at, NOW)
    .emits(TextTimerReset, contact=KEY, at=NOW)
)  # fmt: skip
fails, ends = (one.set(speaker, Speaker.NOBODY) for one in TILE.transitions if one.event in (Fail, End))

SPEAKER_CHANGE = Variant(
    "only another speaker starts the text timer", TILE,
    adds=(speaker,),
    replaces=(
        replaced(line(connected, Text), starts, connected.on(Text).when(goes_on).stay()),
        replaced(line(offered | connected, Fail), fails),
        replaced(line(connected, End), ends),
    ),
)  # fmt: skip
