"""Which channels keep which away: the conditions of the desk's rules, one row for each channel.

A contact is offered on a channel only while no other channel is in use, unless the administrator
lets that channel share (guide of 2023-04).
"""

from __future__ import annotations

from fsm.desk.parameters import chat_shares, email_shares, held_blocks_channel, task_shares, voice_shares
from fsm.desk.parts import tiles
from fsm.desk.tile import channel, connected, offered
from fsm.desk.vocabulary import Channel

no_live_call = voice_shares | tiles.none(offered, connected, channel == Channel.VOICE)
no_live_chat = chat_shares | tiles.none(offered, connected, channel == Channel.CHAT)
no_live_task = task_shares | tiles.none(offered, connected, channel == Channel.TASK)
no_live_email = email_shares | tiles.none(offered, connected, channel == Channel.EMAIL)

no_held_call = ~held_blocks_channel | voice_shares | tiles.none(channel == Channel.VOICE)
no_held_chat = ~held_blocks_channel | chat_shares | tiles.none(channel == Channel.CHAT)
no_held_task = ~held_blocks_channel | task_shares | tiles.none(channel == Channel.TASK)
no_held_email = ~held_blocks_channel | email_shares | tiles.none(channel == Channel.EMAIL)
