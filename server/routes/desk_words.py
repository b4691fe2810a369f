"""What the desk calls things: parts, flags, requests and people, in the words of the chair and the minute-taker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from server.actions.views import PartState
from shared_doc.permissions import Audience, Phase


class Shape(NamedTuple):
    """A state is a shape and words."""

    icon: str
    words: str


PART_STATES: Mapping[PartState, Shape] = {
    PartState.NOT_YET: Shape("empty", "Not yet"),
    PartState.NOW: Shape("pen", "Now"),
    PartState.SAID: Shape("note", "Not read through"),
    PartState.READING: Shape("sound", "Reading through"),
    PartState.AGREED: Shape("tick", "Agreed"),
    PartState.NOT_ALL_AGREED: Shape("half", "not agreed"),
    PartState.NOT_ALL_ANSWERED: Shape("dots", "not answered by everyone"),
    PartState.CHANGED_SINCE: Shape("pen", "changed since"),
}

AUDIENCES: Mapping[Audience, str] = {
    Audience.EVERYONE: "Everyone",
    Audience.PROFESSIONALS: "Professionals only",
}

READERS: Mapping[Audience, str] = {
    Audience.EVERYONE: "Everyone can read this part.",
    Audience.PROFESSIONALS: "Only professionals can read this part.",
}

FLAGS: Mapping[str, Shape] = {
    "not_right": Shape("flag", "Not right"),
    "missing": Shape("plus", "Missing"),
    "question": Shape("ask", "Question"),
    "spelling": Shape("spell", "Spelling"),
}

REQUESTS: Mapping[str, Shape] = {
    "speak": Shape("hand", "Would like to speak"),
    "break": Shape("cup", "Needs a break"),
    "read_to_me": Shape("sound", "Would like it read aloud"),
    "say_it": Shape("chat", "Would like help to say something"),
    "not_safe": Shape("warn", "It is not safe for this person"),
}

OUTCOMES: Mapping[str, str] = {
    "corrected": "Put right",
    "left": "Left as it is",
    "answered": "Answered",
    "withdrawn": "Taken back",
}

ATTENDING: Mapping[str, Shape] = {
    "room": Shape("room", "here"),
    "video": Shape("video", "video"),
    "phone": Shape("phone", "phone"),
    "voice_only": Shape("phone", "voice only"),
    "writing": Shape("note", "in writing"),
}

WAYS: Mapping[str, str] = {
    "room": "In the room",
    "phone": "By phone",
    "video": "On a video call",
    "voice_only": "On a video call, voice only",
    "writing": "In writing",
}

PHASES: Mapping[Phase, str] = {
    Phase.PREPARING: "The meeting has not started.",
    Phase.OPEN: "The waiting room is open. The meeting has not started.",
    Phase.IN_SESSION: "",
    Phase.ADJOURNED: "The meeting has stopped for now. Nothing can be written until it goes on.",
    Phase.CLOSED: "The meeting is over. Put right what is left, then sign.",
    Phase.SIGNED: "Signed. Nothing can be changed after signing.",
}


class Step(NamedTuple):
    """A way for the meeting to go on: to which phase, and the words on the button."""

    phase: Phase
    words: str


STEPS: Mapping[Phase, tuple[Step, ...]] = {
    Phase.PREPARING: (Step(Phase.OPEN, "Open the waiting room"), Step(Phase.IN_SESSION, "Start the meeting")),
    Phase.OPEN: (Step(Phase.IN_SESSION, "Start the meeting"),),
    Phase.IN_SESSION: (Step(Phase.ADJOURNED, "Take a break"), Step(Phase.CLOSED, "End the meeting")),
    Phase.ADJOURNED: (
        Step(Phase.IN_SESSION, "Go on with the meeting"),
        Step(Phase.CLOSED, "End the meeting"),
    ),
    Phase.CLOSED: (Step(Phase.IN_SESSION, "Open the meeting again"),),
    Phase.SIGNED: (),
}


def and_list(words: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""
