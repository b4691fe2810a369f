"""What the readers' pages call things: the words for flags, requests and people, for those who read and do not type.

To a family a flag is "not right"; the word itself is for the desk.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be said of a point. `asks` is the label of the field, `said` what follows "You" later."""

    kind: str
    icon: str
    title: str
    hint: str
    asks: str
    said: str


CHOICES = (
    Choice(
        "not_right",
        "flag",
        "That’s not right",
        "The chair will come to it",
        "What should it say?",
        "said: that’s not right.",
    ),
    Choice(
        "missing",
        "plus",
        "Something is missing",
        "You can say what",
        "What is missing?",
        "said: something is missing.",
    ),
    Choice(
        "question",
        "ask",
        "I have a question",
        "It gets an answer",
        "What is your question?",
        "asked a question.",
    ),
    Choice(
        "spelling",
        "spell",
        "Just the spelling",
        "Put right after the meeting",
        "Which word?",
        "said: just the spelling.",
    ),
)
BY_KIND = {choice.kind: choice for choice in CHOICES}


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing that can be asked of the chair at any time. `done` is what the page says once it is asked.

    What is said of `not_safe` does not say what was asked: somebody else may be looking at the page.
    """

    kind: str
    icon: str
    button: str
    done: str
    hint: str = ""


_NOT_SAFE = Ask(
    "not_safe",
    "lock",
    "It is not safe here",
    "The chair has your message.",
    "Only the chair and the minute-taker are told. This page goes blank straight after.",
)
SPEAK = Ask("speak", "hand", "Speak", "You asked to speak.")
BREAK = Ask("break", "cup", "Break", "You asked for a break.")
READ = Ask(
    "read_to_me",
    "sound",
    "Read it to me",
    "You asked to have it read aloud.",
    "The chair is asked to read it aloud.",
)
SAY = Ask(
    "say_it",
    "chat",
    "Say it for me",
    "You asked the chair to help you say it.",
    "The chair helps you to say it, or says it for you.",
)
_CHILD = (
    Ask("speak", "chat", "Talk", "You asked to talk."),
    Ask("say_it", "hand", "Help", "You asked for help to say it."),
    Ask("read_to_me", "sound", "Listen", "You asked to have it read to you."),
    Ask("break", "cup", "Stop", "You asked to stop for a bit."),
)
_CHILD_NOT_SAFE = Ask(
    "not_safe",
    "lock",
    "I don’t feel safe",
    "The chair has your message.",
    "Only the person in charge and the person typing are told. This page goes blank straight after.",
)


def asks_for(role: str, may_speak: bool, may_ask: bool) -> tuple[tuple[Ask, ...], tuple[Ask, ...]]:
    """What stands in the bar at the foot, and what stands behind "More"."""
    if role == "child":
        return (_CHILD if may_speak else ()), ((_CHILD_NOT_SAFE,) if may_ask else ())
    bar = ((SPEAK,) if may_speak else ()) + ((BREAK,) if may_ask else ())
    more = (READ, SAY, _NOT_SAFE) if may_ask else ()
    return bar, more


def done_words(role: str, kind: str) -> str:
    """What the page says of a request that was made."""
    for ask in (*_CHILD, _CHILD_NOT_SAFE) if role == "child" else (SPEAK, BREAK, READ, SAY, _NOT_SAFE):
        if ask.kind == kind:
            return ask.done
    return "The chair has your message."


VERBS = {"question": "asked", "answer": "answered"}
