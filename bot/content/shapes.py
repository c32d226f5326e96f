"""What the content files may hold, as strict models: an unknown key is a fault, not a surprise."""

import re
from datetime import date
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.actions import NATIONS, ROLES
from bot.content.faults import ContentFaults
from bot.content.yaml_file import Place, YamlFile
from bot.errors import ContentProblem
from bot.messages import Kind

ID = re.compile(r"[a-z][a-z0-9_]*(\.[A-Za-z0-9_-]+)*")


def _true_or_false(value: Any) -> Any:
    """`true` and `false` and nothing else: `no` and `off` stay what they are, text."""
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


def _day(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError("a date is written 2026-11-24")
    return date.fromisoformat(value) if isinstance(value, str) else value


def _one_or_many(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


YesNo = Annotated[Literal[True, False], BeforeValidator(_true_or_false)]
YesNoOrText = Annotated[bool | str | None, BeforeValidator(_true_or_false)]
Day = Annotated[date, BeforeValidator(_day, json_schema_input_type=date)]
Text = Annotated[str, Field(min_length=1)]
Bubbles = Annotated[
    list[Text],
    BeforeValidator(_one_or_many, json_schema_input_type=Text | list[Text]),
    Field(min_length=1),
]
Wordings = Annotated[list[Text], Field(min_length=2, max_length=4)]
Nation = Literal["england", "wales", "scotland", "northern_ireland"]
Role = Literal["victim", "supporter", "own"]
Confidence = Literal["high", "medium", "low"]

assert set(NATIONS) == set(Nation.__args__)  # type: ignore[attr-defined]  # Literal's own list
assert set(ROLES) == set(Role.__args__)  # type: ignore[attr-defined]


class Strict(BaseModel):
    """Unknown keys are refused; nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class ButtonShape(Strict):
    """A button: its title (that of the item it leads to when left out) and where it leads."""

    title: Text | None = Field(None, description="20 characters; left out: that of the target")
    to: Text = Field(
        description="an id, or an action: ask:INTENT, set:role:supporter, question:nation, menu"
    )


class Audience(Strict):
    """Whom a variant is for; what is left out means everybody."""

    role: Role | None = None
    nation: Nation | None = None
    channel: Literal["web", "telegram", "whatsapp", "console"] | None = None


class ItemShape(Strict):
    """One entry of responses/topics or responses/flows."""

    title: Text | None = Field(
        None, description="what a button that leads here says, 20 characters"
    )
    text: Bubbles = Field(description="one bubble of 600 characters, or a list of up to three")
    again: Bubbles | None = Field(None, description="shorter words for the second time")
    acknowledge: Wordings | None = Field(
        None, description="two to four ways to name what was told; one of them opens the answer"
    )
    named: Text | None = Field(
        None, description="what was told in two to five words, for a list: `being followed`"
    )
    choose: YesNo | None = Field(
        None, description="true: the buttons are one choice and are all shown, not the three best"
    )
    buttons: list[ButtonShape] | None = Field(None, description="up to eight")
    kind: Kind | None = Field(None, description="advice when left out")
    variant_of: Text | None = Field(None, description="the id of the entry for everybody")
    for_: Audience | None = Field(
        default=None, alias="for", description="whom this variant is for: role, nation, channel"
    )
    sources: list[Text] | None = Field(None, description="advice:INTENT, service:ID, law:ID, https")
    reviewed_on: Day | None = Field(None, description="when somebody last read it, 2026-11-24")
    review_by: Day | None = Field(None, description="when it must be read again, 2027-05-24")


class FileShape(Strict):
    """`_file`: what holds for every entry of the file that does not say otherwise."""

    kind: Kind | None = None
    sources: list[Text] | None = None
    reviewed_on: Day | None = None
    review_by: Day | None = None


class OptionShape(Strict):
    """One answer to a step of a flow."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")]
    title: Text = Field(description="20 characters")
    sets: list[Text] = Field(default=[], description="sign:…, risk:… or pick:… that it leaves")
    next: Text | None = Field(None, description="a later step; left out: the one that follows")


class StepShape(Strict):
    """One question of a flow; its words are the entry step.FLOW.STEP of the same file."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")]
    options: list[OptionShape] = Field(default=[], description="up to seven")
    many: YesNo = Field(default=False, description="true: several may be chosen")
    hears: YesNo = Field(default=False, description="true: told in the person's own words")
    unless: list[Text] = Field(default=[], description="passed over when one of these is known")
    skip: Text = Field(default="Skip this", description="the button that passes over it")
    done: Text = Field(default="That's all", description="the button that ends a choice of many")


class EndShape(Strict):
    """One way in which a flow ends: an entry of the same file."""

    show: Text
    any_of: list[Text] = Field(default=[], description="shown when one of these is known")
    at_least: int = Field(default=0, description="or when so many of `counting` are")
    counting: list[Text] = Field(default=[], description="beginnings of marks, as `risk:`")
    sections: YesNo = Field(default=False, description="true: holds FLOW.for_PICK for each pick")


class FlowShape(Strict):
    """`_flow`: what is asked in which order, and what follows."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")]
    title: Text = Field(description="what a button that starts it says, 20 characters")
    go_on: Text = Field(default="Back to questions", description="what takes it up again")
    roles: list[Role] = Field(description="for whom it is")
    instead: Text = Field(description="the entry that others are shown")
    steps: list[StepShape] = Field(min_length=1)
    ends: list[EndShape] = Field(min_length=1)


class LanguageShape(Strict):
    """A rescue card in another language: responses/languages/*.yml."""

    tag: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
    name: Text  # in the language itself
    english_name: Text
    text: Bubbles
    drafted: Text  # `machine`, or who drafted it (a role) and when
    buttons: list[ButtonShape] | None = None
    sources: list[Text] | None = None
    reviewed_on: Day | None = None
    review_by: Day | None = None


AnyShape = TypeVar("AnyShape", bound=BaseModel)


def fit(model: type[AnyShape], data: Any, file: YamlFile, place: Place, label: str) -> AnyShape:
    """`data` as a `model`. Raises ContentFaults with one problem for each thing that is wrong.

    place: where data is in the file, for the line. label: the entry's id, told with the line.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise ContentFaults(
            [_problem(model, fault, file, place, label) for fault in error.errors()]
        ) from None


def _problem(
    model: type[BaseModel], fault: Any, file: YamlFile, place: Place, label: str
) -> ContentProblem:
    inner: Place = tuple(fault["loc"])
    key = ".".join(str(step) for step in inner) or label
    where = file.where((*place, *inner), label=label)
    match fault["type"]:
        case "extra_forbidden":
            known = ", ".join(f.alias or n for n, f in model.model_fields.items())
            return ContentProblem(
                f"'{key}' is not a key we know",
                where=where,
                do=f"Correct its spelling or remove it. Known here: {known}",
            )
        case "missing":
            return ContentProblem(f"'{key}' is missing", where=where, do=f"Add '{key}:'")
        case "value_error":
            said = str(fault["ctx"]["error"])
        case _:
            said = fault["msg"][0].lower() + fault["msg"][1:]
    return ContentProblem(f"'{key}' does not fit: {said}", where=where, do=f"Correct '{key}'")
