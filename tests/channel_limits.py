"""What an answer of the talk protocol may carry on a channel, as a person's app would check."""

from typing import Any

from bot.content.limits import BY_CHANNEL


def beyond(reply: dict[str, Any], channel: str) -> str | None:
    """What is too much in this reply for that channel, or None."""
    limits = BY_CHANNEL[channel]
    titles = [button["title"] for button in reply["buttons"]]
    as_list = bool(limits.rows) and len(titles) > limits.buttons
    most, longest = (
        (limits.rows, limits.row_title) if as_list else (limits.buttons, limits.button_title)
    )
    if len(titles) > most:
        return f"{len(titles)} buttons"
    if len(set(titles)) < len(titles) or any(not 0 < len(title) <= longest for title in titles):
        return f"titles {titles}"
    if any(len(button["id"].encode()) > 64 for button in reply["buttons"]):
        return "a button's id is too long"
    length = limits.text_with_choices if titles else limits.text
    if not reply["text"].strip() or len(reply["text"]) > length:
        return f"a text of {len(reply['text'])} characters"
    return None
