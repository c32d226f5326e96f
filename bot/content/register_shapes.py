"""The registers of services and of law, entry by entry, as their headers describe them."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from bot.content.shapes import Confidence, Day, Nation, Strict, Text, YesNo, YesNoOrText

LawNation = Literal["uk", "england_wales", "scotland", "northern_ireland"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
ClockTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]


def _flat(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


TextOrList = Annotated[list[Text], BeforeValidator(_flat, json_schema_input_type=Text | list[Text])]


class Phone(Strict):
    """One number, as it is written and as it is dialled."""

    label: Text
    number: Text
    e164: Text | None  # None for short numbers: 999, 101, 111, 116 123
    dial: Text
    cost: Text
    note: Text | None = None


class Sms(Strict):
    """One number for texts; keyword: the word to send."""

    label: Text
    to: Text
    e164: Text | None
    keyword: Text | None = None
    cost: Text
    note: Text | None = None


class WhatsApp(Strict):
    """A WhatsApp number."""

    number: Text
    e164: Text
    hours: Text | None = None


class WebChat(Strict):
    """A web chat. hours: free text for editors, not for display."""

    url: Text
    hours: Text | None = None


class Slot(Strict):
    """Open on these days between two local clock times; 24:00 is midnight at the day's end."""

    days: Annotated[list[Weekday], Field(min_length=1)]
    open: ClockTime
    close: ClockTime

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.open >= self.close:
            raise ValueError("'close' must be later than 'open'; split a slot at midnight")
        return self


class Hours(Strict):
    """When the line answers. Nothing of it is shown when confidence is low."""

    always_open: YesNo
    slots: list[Slot]
    bank_holidays: Literal["open", "closed", "unknown"]
    confidence: Confidence
    note: Text | None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.always_open and self.slots:
            raise ValueError("a service that is always open has no slots")
        return self


class HoursVariant(Strict):
    """Other published times, for editors."""

    hours: Text
    when: Text
    source: Text
    most_recent: YesNo


class Access(Strict):
    """Languages and ways in for deaf people; for editors."""

    languages: list[Text] | None = None
    interpreter: YesNoOrText = None
    bsl: YesNoOrText = None
    text_relay: YesNoOrText = None


class ServiceSource(Strict):
    """Where a fact was seen. seen: year, month or day; None when unknown."""

    url: Text
    seen: Text | None
    says: Text


class Unconfirmed(Strict):
    """Contacts from memory or old pages: never shown."""

    webform: Text | None = None
    online_tool: Text | None = None
    email: Text | None = None
    phone: TextOrList | None = None
    hours: Text | None = None
    webchat_hours: Text | None = None
    whatsapp: Text | None = None
    out_of_hours: Text | None = None
    sms_whatsapp: Text | None = None
    welsh_line_hours: Text | None = None
    sms: Text | None = None


class Service(Strict):
    """A usable entry of the register of services."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    name: Text
    group: Text
    also: tuple[Text, ...] = ()  # other groups it belongs to as well, see answering.GROUPS
    run_by: Text
    what_for: Text
    who: Annotated[list[Text], Field(min_length=1)]
    nations: Annotated[list[Nation], Field(min_length=1)]
    area: Text | None = None
    calendar: Nation | None = None  # whose bank holidays it keeps, see `hours.calendar_of`
    phone: list[Phone]
    sms: list[Sms]
    whatsapp: list[WhatsApp]
    email: Text | None
    url: Text | None
    webchat: WebChat | None
    hours: Hours
    hours_variants: tuple[HoursVariant, ...] = ()
    cost: Text
    access: Access
    confidentiality: Text | None = None
    steps: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()
    from_memory: tuple[Text, ...] = ()
    to_confirm: Unconfirmed | None = None
    sources: Annotated[list[ServiceSource], Field(min_length=1)]
    confidence: Confidence
    check_: Text = Field(alias="check")


class UnverifiedService(Strict):
    """Never shown; kept so that nobody adds it again without asking."""

    id: Text
    name: Text
    run_by: Text
    what_for: Text
    who: list[Text]
    nations: list[Nation]
    possible_phone: TextOrList | None = None
    url: Text | None = None
    sources: list[ServiceSource]
    why_unverified: Text
    confidence: Literal["low"]
    check_: Text = Field(alias="check")


class Renamed(Strict):
    """An old name or number and what to use now."""

    was: Text
    now: Text
    when: Text
    note: Text


class Conflict(Strict):
    """Sources that disagree; for editors."""

    topic: Text
    values: list[Text]
    use: Text
    action: Text


class EventDates(Strict):
    """One year of an awareness event."""

    year: Annotated[str, Field(pattern=r"^\d{4}$")]
    from_: Day | None = Field(alias="from")
    to: Day | None
    status: Text


class Event(Strict):
    """A yearly awareness event."""

    id: Text
    name: Text
    run_by: Text
    when: Text
    dates: list[EventDates]
    sources: list[ServiceSource]
    check_: Text = Field(alias="check")


class DefaultDisplay(Strict):
    """What may be shown; enforced in code, see facts.py."""

    show: Text
    never_show: list[Text]
    always_say: Text


class ServicesMeta(Strict):
    """How the register was made."""

    compiled: Day
    method: Text
    default_display: DefaultDisplay
    abroad: Text


class LawSource(Strict):
    """Where a statement comes from."""

    title: Text
    url: Text
    seen: Text | None


class LawFact(Strict):
    """One statement of law. Only `statement` is ever shown, and never with confidence low."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    nation: LawNation
    topic: Text
    statement: Text
    detail: Text
    source: LawSource
    more_sources: tuple[LawSource, ...] = ()
    as_of: Day
    confidence: Confidence
    check_: Text = Field(alias="check")
    review_by: Day


class LawMeta(Strict):
    """How the register of law was made and what may be shown."""

    compiled: Day
    method: Text
    who_must_check: Text
    confidence: Text
    show: list[Confidence]
    never_show: list[Confidence]
    show_with: Text
    always_say: Text
    nations: dict[LawNation, Text]
    fields: dict[str, Text]
    moving_now: list[Text]


OPERATOR_LINES: dict[str, str] = {
    "name": "who runs the service: stands after 'run by'",
    "about": "what they are, in a few words: stands in brackets after the name",
    "what_is_stored": "stands after 'What is kept here:'",
    "how_long": "stands after 'It's erased'; the hours are those of BOT_IDLE_HOURS",
    "who_can_read": "stands after 'Who reads it:'",
    "when_staff_act": "a sentence without its full stop: when somebody steps in or calls for help",
    "how_to_delete": "stands after 'To erase what is kept here,'",
    "advocate_hours": "when a person answers",
}
"""The lines of responses/operator.yml and where each stands in a text."""
