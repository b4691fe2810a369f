"""The fictional family of the demonstration: who is invited, the agenda, and what has been minuted so far.

Nobody here exists. The council, the telephone numbers and the addresses are invented too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from server.actions.conferences import NewChild, NewPart, NewParticipant
from shared_doc.permissions import Audience, Role

TITLE = "First conference for Ellie and Noah"

CHILDREN = (NewChild("Ellie Marsh", date(2013, 3, 14)), NewChild("Noah Marsh", date(2022, 6, 2)))


@dataclass(frozen=True, slots=True)
class Invited:
    """One person: `key` names them below, `attending` is how they take part, `waits` leaves them in the
    waiting room.
    """

    key: str
    name: str
    role: Role
    agency: str = ""
    supports: str | None = None
    send_by: str = ""
    attending: str = "room"
    waits: bool = False
    try_this: str = ""


PEOPLE = (
    Invited(
        "margaret",
        "Margaret Osei",
        Role.CHAIR,
        try_this="let Dr Iqbal in, answer a flag, write the summary, read a part through, sign",
    ),
    Invited(
        "tom",
        "Tom Whitcombe",
        Role.MINUTE_TAKER,
        try_this="type the next point; watch it arrive on every other page",
    ),
    Invited(
        "priya", "Priya Nair", Role.SOCIAL_WORKER, send_by="work email", try_this="add a point of your own"
    ),
    Invited(
        "keeley",
        "Keeley Marsh",
        Role.PARENT,
        "mother",
        send_by="by hand, from Priya; do not post, no voicemail",
        try_this="open it on a phone; tap a point and say that it is not right",
    ),
    Invited("dean", "Dean Hollis", Role.PARENT, "father", send_by="phone call", attending="voice_only"),
    Invited(
        "ellie",
        "Ellie Marsh",
        Role.CHILD,
        "13",
        send_by="through Priya",
        try_this="only the part that the chair has opened for her is there",
    ),
    Invited(
        "ruth",
        "Ruth Adeyemi",
        Role.PROFESSIONAL,
        "health visitor",
        send_by="work email",
        attending="video",
        try_this="add a point and change it; you cannot change anybody else’s",
    ),
    Invited("gareth", "Gareth Lowe", Role.PROFESSIONAL, "school", send_by="work email", attending="video"),
    Invited("hannah", "Hannah Bright", Role.PROFESSIONAL, "police", send_by="work email", attending="video"),
    Invited(
        "sam",
        "Dr Sam Iqbal",
        Role.PROFESSIONAL,
        "GP",
        send_by="work email",
        attending="video",
        waits=True,
        try_this="wait until the chair lets you in",
    ),
    Invited(
        "janine",
        "Janine Marsh",
        Role.SUPPORTER,
        supports="keeley",
        send_by="text",
        try_this="read what Keeley reads, while Keeley is there",
    ),
)


def participants(staff: dict[str, str]) -> list[NewParticipant]:
    """The list as the action takes it; `staff` gives an account's id to those who also sign in."""
    index = {person.key: at for at, person in enumerate(PEOPLE)}
    return [
        NewParticipant(
            name=person.name,
            role=person.role,
            agency=person.agency,
            supports=index[person.supports] if person.supports else None,
            send_by=person.send_by,
            staff_id=staff.get(person.key),
        )
        for person in PEOPLE
    ]


@dataclass(frozen=True, slots=True)
class Minuted:
    """One point: who said it, what kind it is, and the words. Tom typed it, unless somebody added it
    themselves.
    """

    said_by: str
    kind: str
    text: str
    typed_by: str = "tom"


@dataclass(frozen=True, slots=True)
class Item:
    """One part of the agenda with its points and the chair's summary."""

    title: str
    points: tuple[Minuted, ...] = ()
    summary: tuple[str, ...] = ()
    audience: Audience = Audience.EVERYONE

    @property
    def part(self) -> NewPart:
        """The part as the action takes it."""
        return NewPart(self.title, self.audience)


AGENDA = (
    Item(
        "Introductions",
        (
            Minuted(
                "margaret",
                "point",
                "Everyone said who they are. Dean is on the phone and can only be heard.",
            ),
            Minuted(
                "margaret",
                "point",
                "Janine is here with Keeley. She gives support, and is not asked for views.",
            ),
        ),
    ),
    Item(
        "Why we are here",
        (
            Minuted(
                "margaret",
                "point",
                "We are here because people are worried that Noah’s health is not looked after and that Ellie has "
                "too much to do at home.",
            ),
            Minuted("margaret", "point", "This meeting cannot decide to take a child away from the family."),
        ),
    ),
    Item(
        "Reports",
        (
            Minuted("priya", "point", "Keeley read the social worker’s report with me on Thursday."),
            Minuted(
                "gareth",
                "point",
                "School’s report was late. Keeley had ten minutes to read it at the start.",
            ),
        ),
    ),
    Item(
        "What is working well",
        (
            Minuted(
                "ruth", "strength", "Keeley came to every baby clinic for Ellie and Noah until last winter."
            ),
            Minuted(
                "gareth",
                "strength",
                "Ellie is kind to younger children and tells her teacher her worries.",
            ),
            Minuted("dean", "view", "We both want what is best for them. We talk about that, even now."),
        ),
        ("Both parents love the children and ask good questions.",),
    ),
    Item(
        "What we are worried about",
        (
            Minuted(
                "priya",
                "worry",
                "Noah has missed six of his last ten nursery days. Nursery rang home each time and nobody answered.",
            ),
            Minuted(
                "ruth",
                "worry",
                "Noah has not had his two-year check, and missed his last two hearing appointments. He says fewer "
                "words than most children of his age.",
            ),
            Minuted(
                "keeley",
                "view",
                "I could not get to the hearing clinic. It is two buses and I had nobody to be in for Ellie. I did "
                "ring to say.",
            ),
            Minuted("priya", "worry", "Keeley first asked for help in May, after Dean had moved out."),
            Minuted(
                "gareth",
                "worry",
                "Ellie is late most mornings because she takes Noah to nursery first. She is often tired and worried.",
            ),
            Minuted(
                "hannah",
                "worry",
                "Police came to the flat twice in the summer after neighbours heard shouting. Nobody was hurt. Both "
                "children were there.",
            ),
            Minuted("keeley", "question", "Who will ask the clinic for a later appointment?"),
            Minuted(
                "ruth", "answer", "I will ring the clinic today and ask for one after 4pm.", typed_by="ruth"
            ),
            Minuted("dean", "view", "I have not been back to the flat since August."),
        ),
        (
            "Missed nursery days and health checks are the main worry for Noah.",
            "Ellie is doing too many of a parent’s jobs.",
            "Keeley has been asking for help. It was slow to come.",
        ),
    ),
    Item(
        "Ellie’s views",
        (
            Minuted(
                "ellie",
                "view",
                "I like taking Noah to nursery but not every day. I want to be in school on time.",
            ),
            Minuted("ellie", "view", "I don’t like it when people shout. It’s better now."),
        ),
    ),
    Item("Closed part", audience=Audience.PROFESSIONALS),
    Item("Decision"),
    Item("Plan and dates"),
)

READ_THROUGH = 4
"""How many parts have been read through already; the part after them is the one that is talked about."""

FOR_ELLIE = 5
"""The index of the part that the chair has released to Ellie."""
