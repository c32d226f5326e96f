"""What each channel can carry. The only place where these numbers are written."""

from datetime import timedelta

from bot.messages import Limits

TELEGRAM = Limits(
    text=4096,  # characters after entities are parsed (platform: Bot API, sendMessage)
    text_with_choices=4096,  # the same message carries the keyboard (platform)
    buttons=8,  # under one message (ours: a small phone; the platform takes about 100)
    button_title=40,  # characters (ours: one line on a small phone)
    rows=0,  # no lists
    row_title=0,
    erase_within=timedelta(hours=48),  # a bot may delete messages in a private chat (platform)
)

WHATSAPP = Limits(
    text=3686,  # code points; the platform says 4096 without saying of what: 10 % under
    text_with_choices=921,  # body of an interactive message, 1024 (platform): 10 % under
    buttons=3,  # reply buttons (platform)
    button_title=20,  # characters (platform)
    rows=10,  # in one list, all sections together (platform)
    row_title=24,  # characters (platform)
    erase_within=None,  # there is no call that takes a message back (platform)
    reply_within=timedelta(hours=24),  # the customer service window (platform)
)

WEB = Limits(
    text=4096,  # characters (ours: a bubble that fills more than a phone's screen is not read)
    text_with_choices=4096,
    buttons=10,  # one below the other (ours)
    button_title=40,  # characters (ours: one line at 320 px)
    rows=0,
    row_title=0,
    erase_within=None,  # nothing to take back: the page shows what we keep, and forgets with us
)

CONSOLE = Limits(
    text=4096,  # characters (ours, as on the web page)
    text_with_choices=4096,
    buttons=10,  # numbered lines (ours)
    button_title=40,
    rows=0,
    row_title=0,
    erase_within=None,  # what a terminal shows is the terminal's
)

BY_CHANNEL = {"web": WEB, "telegram": TELEGRAM, "whatsapp": WHATSAPP, "console": CONSOLE}
