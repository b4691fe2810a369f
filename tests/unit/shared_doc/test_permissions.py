"""The table of cases beside `decide`: every role × standing × phase × act, in words of its own, and named cases.

The grid below is written from design §5, not from the code: where the two differ, one of them is wrong.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from shared_doc.permissions import (
    Act,
    Audience,
    Person,
    Phase,
    Place,
    Role,
    Standing,
    Verdict,
    decide,
    may_be_kept_out,
)
from shared_doc.schema import LaneKind

PART = "part"

# In a part for everyone, released to the child, in session: y may, - is told that they may not, . it is not there.
GRID = """
                     chair minute_taker social_worker professional parent child supporter solicitor interpreter observer screen
read                 y     y            y             y            y      y     y         y         y           y        y
edit_any_point       y     y            -             -            -      -     -         -         -           -        -
edit_own_point       y     y            y             y            -      -     -         -         -           -        -
add_point            y     y            y             y            -      -     -         -         -           -        -
add_statement        -     -            -             -            y      y     -         y         -           -        -
raise_flag           -     -            y             y            y      y     -         y         -           -        -
answer_flag          y     y            -             -            -      -     -         -         -           -        -
ask_for_help         -     -            y             y            y      y     y         y         y           -        -
ask_to_speak         -     -            y             y            y      y     -         y         -           -        -
settle_request       y     y            -             -            -      -     -         -         -           -        -
agree                -     -            y             y            y      y     -         -         -           -        -
lead_read_through    y     -            -             -            -      -     -         -         -           -        -
lead_meeting         y     y            -             -            -      -     -         -         -           -        -
admit                y     -            -             -            -      -     -         -         -           -        -
remove               y     -            -             -            -      -     -         -         -           -        -
hand_pen             y     -            -             -            -      -     -         -         -           -        -
open_screen          y     y            -             -            -      -     -         -         -           -        -
sign                 y     -            -             -            -      -     -         -         -           -        -
read_record          -     -            -             -            -      -     -         -         -           -        -
read_history         y     y            .             .            .      .     .         .         .           .        .
"""  # noqa: E501 - a grid is read across

# What the grid's row becomes in another phase: these acts are stopped for everyone, except that after the end those at
# the desk go on writing.
STOPPED = {
    Phase.PREPARING: {Act.ADD_STATEMENT, Act.LEAD_READ_THROUGH, Act.SIGN},
    Phase.OPEN: {Act.ADD_STATEMENT, Act.LEAD_READ_THROUGH, Act.SIGN},
    Phase.SIGNED: {
        Act.ADD_POINT,
        Act.ADD_STATEMENT,
        Act.EDIT_ANY_POINT,
        Act.EDIT_OWN_POINT,
        Act.RAISE_FLAG,
        Act.ANSWER_FLAG,
        Act.AGREE,
        Act.LEAD_READ_THROUGH,
        Act.LEAD_MEETING,
        Act.ADMIT,
        Act.REMOVE,
        Act.HAND_PEN,
        Act.SIGN,
    },
    Phase.ADJOURNED: {
        Act.ADD_POINT,
        Act.ADD_STATEMENT,
        Act.EDIT_ANY_POINT,
        Act.EDIT_OWN_POINT,
        Act.LEAD_READ_THROUGH,
        Act.SIGN,
    },
    Phase.CLOSED: {
        Act.ADD_POINT,
        Act.ADD_STATEMENT,
        Act.EDIT_ANY_POINT,
        Act.EDIT_OWN_POINT,
        Act.HAND_PEN,
    },
}
WRITE_AFTER_THE_END = {Act.ADD_POINT, Act.EDIT_ANY_POINT, Act.EDIT_OWN_POINT}
HAVE_NO_COPY = {Role.INTERPRETER, Role.OBSERVER, Role.SCREEN}


def grid() -> dict[tuple[Act, Role], str]:
    lines = [line.split() for line in GRID.strip().splitlines()]
    roles = [Role(name) for name in lines[0]]
    return {
        (Act(line[0]), role): cell for line in lines[1:] for role, cell in zip(roles, line[1:], strict=True)
    }


CELLS = grid()


SUPPORTED = Person("supported", Role.PARENT, Standing.ADMITTED)


def someone(
    role: Role,
    standing: Standing = Standing.ADMITTED,
    supports: Person | None = SUPPORTED,
    pens: frozenset[str] = frozenset(),
    released: frozenset[str] = frozenset({PART}),
) -> Person:
    companion = role in {Role.SUPPORTER, Role.SOLICITOR}
    return Person("someone", role, standing, supports if companion else None, pens, released)


def place(
    phase: Phase = Phase.IN_SESSION,
    audience: Audience = Audience.EVERYONE,
    lane: LaneKind = LaneKind.MINUTES,
) -> Place:
    return Place(phase, PART, audience, lane)


def expected(role: Role, standing: Standing, phase: Phase, act: Act) -> str:
    if act is Act.READ_RECORD and phase is Phase.SIGNED and standing in {Standing.ADMITTED, Standing.LEFT}:
        gone = standing is Standing.LEFT and role in {Role.SUPPORTER, Role.SOLICITOR}
        return "." if gone or role in HAVE_NO_COPY else "y"
    if standing is not Standing.ADMITTED:
        return "."
    at_desk = role in {Role.CHAIR, Role.MINUTE_TAKER}
    if phase is Phase.CLOSED and at_desk and act in WRITE_AFTER_THE_END:
        return CELLS[act, role]
    if act in STOPPED.get(phase, ()):
        return "-"
    return CELLS[act, role]


def told(verdict: Verdict) -> str:
    if verdict:
        return "y"
    return "-" if verdict.visible else "."


def test_the_grid_names_every_role_and_every_act() -> None:
    assert set(CELLS) == set(product(Act, Role))


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("standing", Standing)
def test_every_act_in_every_phase_is_as_in_the_grid(role: Role, standing: Standing) -> None:
    for phase, act in product(Phase, Act):
        verdict = decide(someone(role, standing), act, place(phase))
        assert told(verdict) == expected(role, standing, phase, act), (role, standing, phase, act)


@pytest.mark.parametrize(("role", "phase"), list(product(Role, Phase)))
def test_what_cannot_be_read_cannot_be_acted_on_and_looks_absent(role: Role, phase: Phase) -> None:
    closed = place(phase, Audience.PROFESSIONALS)
    person = someone(role)
    if decide(person, Act.READ, closed):
        assert role in {Role.CHAIR, Role.MINUTE_TAKER, Role.SOCIAL_WORKER, Role.PROFESSIONAL}
        return
    for act in Act:
        verdict = decide(person, act, closed)
        assert not verdict
        assert not verdict.visible
        assert verdict == decide(person, Act.READ, closed), "every refusal looks the same"


@pytest.mark.parametrize(("role", "standing", "act"), list(product(Role, Standing, Act)))
def test_a_refusal_has_a_code_and_a_sentence(role: Role, standing: Standing, act: Act) -> None:
    verdict = decide(someone(role, standing), act, place())
    if not verdict:
        assert verdict.code
        assert verdict.code == verdict.code.lower()
        assert verdict.reason.endswith(".")


# ── Reading ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule("R-9", "R-56")
def test_a_parent_reads_every_part_that_is_for_everyone() -> None:
    assert decide(someone(Role.PARENT), Act.READ, place())


@pytest.mark.parametrize(
    "role",
    [Role.PARENT, Role.CHILD, Role.SUPPORTER, Role.SOLICITOR, Role.INTERPRETER, Role.OBSERVER, Role.SCREEN],
)
def test_a_closed_part_is_for_professionals_and_the_desk_only(role: Role) -> None:
    assert not decide(someone(role), Act.READ, place(audience=Audience.PROFESSIONALS))


@pytest.mark.rule("R-50")
@pytest.mark.rule("R-34", "R-40")
@pytest.mark.parametrize("role", [role for role in Role if may_be_kept_out(role)])
def test_who_is_kept_out_of_a_part_finds_nothing_there(role: Role) -> None:
    parent = Person("parent", Role.PARENT, Standing.ADMITTED)
    kept = replace(someone(role, supports=parent), kept_out=frozenset({PART}))
    with_them = replace(parent, kept_out=frozenset({PART}))
    for act in Act:
        assert not decide(kept, act, place()).visible
        assert not decide(someone(Role.SUPPORTER, supports=with_them), act, place()).visible
    assert decide(replace(kept, kept_out=frozenset({"another"})), Act.READ, place())


def test_a_child_reads_only_what_the_chair_released() -> None:
    assert decide(someone(Role.CHILD), Act.READ, place())
    assert not decide(someone(Role.CHILD, released=frozenset({"another"})), Act.READ, place())


@pytest.mark.rule("R-50")
def test_releasing_a_closed_part_to_a_child_gives_nothing() -> None:
    assert not decide(someone(Role.CHILD), Act.READ, place(audience=Audience.PROFESSIONALS))


@pytest.mark.rule("R-52")
@pytest.mark.parametrize("standing", [one for one in Standing if one is not Standing.ADMITTED])
def test_a_supporter_reads_nothing_while_their_person_is_not_there(standing: Standing) -> None:
    alone = someone(Role.SUPPORTER, supports=Person("supported", Role.PARENT, standing))
    assert not decide(alone, Act.READ, place())


@pytest.mark.rule("R-52")
def test_a_supporter_of_a_child_reads_what_the_child_reads() -> None:
    child = Person("child", Role.CHILD, Standing.ADMITTED)
    assert not decide(someone(Role.SUPPORTER, supports=child), Act.READ, place())
    released = Person("child", Role.CHILD, Standing.ADMITTED, released=frozenset({PART}))
    assert decide(someone(Role.SUPPORTER, supports=released), Act.READ, place())


@pytest.mark.rule("R-52")
def test_a_supporter_with_nobody_to_support_reads_nothing() -> None:
    assert not decide(someone(Role.SUPPORTER, supports=None), Act.READ, place())


# ── Writing ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.rule("R-12")
@pytest.mark.parametrize("act", [Act.ADD_POINT, Act.EDIT_OWN_POINT, Act.EDIT_ANY_POINT])
def test_the_chair_alone_can_type_everything(act: Act) -> None:
    assert decide(someone(Role.CHAIR), act, place())


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CHAIR])
@pytest.mark.parametrize("act", [Act.ADD_POINT, Act.EDIT_OWN_POINT, Act.EDIT_ANY_POINT])
def test_only_the_chair_writes_the_summary(role: Role, act: Act) -> None:
    assert not decide(someone(role), act, place(lane=LaneKind.SUMMARY))
    assert decide(someone(Role.CHAIR), act, place(lane=LaneKind.SUMMARY))


def test_the_pen_of_a_part_lets_a_professional_change_any_point_of_it() -> None:
    held = someone(Role.PROFESSIONAL, pens=frozenset({PART}))
    assert decide(held, Act.EDIT_ANY_POINT, place())
    elsewhere = someone(Role.PROFESSIONAL, pens=frozenset({"another"}))
    assert decide(elsewhere, Act.EDIT_ANY_POINT, place()).code == "not_your_point"


def test_the_pen_does_not_reach_into_the_summary() -> None:
    held = someone(Role.PROFESSIONAL, pens=frozenset({PART}))
    assert decide(held, Act.EDIT_ANY_POINT, place(lane=LaneKind.SUMMARY)).code == "summary_is_the_chairs"


def test_the_pen_is_worth_nothing_once_its_holder_has_left() -> None:
    held = someone(Role.PROFESSIONAL, Standing.LEFT, pens=frozenset({PART}))
    assert not decide(held, Act.EDIT_ANY_POINT, place())


def test_the_pen_of_a_part_one_may_not_read_is_worth_nothing() -> None:
    held = someone(Role.PARENT, pens=frozenset({PART}))
    assert not decide(held, Act.ADD_POINT, place(audience=Audience.PROFESSIONALS)).visible


# ── Saying that it is not right, and agreeing ───────────────────────────────────────────────────────────


@pytest.mark.rule("R-57")
@pytest.mark.parametrize("role", [Role.PARENT, Role.CHILD, Role.SOCIAL_WORKER, Role.PROFESSIONAL])
def test_family_and_professionals_can_say_that_a_point_is_not_right(role: Role) -> None:
    assert decide(someone(role), Act.RAISE_FLAG, place())


@pytest.mark.rule("R-52")
@pytest.mark.parametrize("act", [Act.RAISE_FLAG, Act.AGREE, Act.ASK_TO_SPEAK, Act.ADD_POINT])
def test_a_supporter_takes_no_part_in_the_discussion(act: Act) -> None:
    verdict = decide(someone(Role.SUPPORTER), act, place())
    assert not verdict
    assert verdict.visible


@pytest.mark.rule("R-53")
def test_a_solicitor_flags_and_speaks_but_is_not_asked_to_agree() -> None:
    assert decide(someone(Role.SOLICITOR), Act.RAISE_FLAG, place())
    assert decide(someone(Role.SOLICITOR), Act.ASK_TO_SPEAK, place())
    assert not decide(someone(Role.SOLICITOR), Act.AGREE, place())


@pytest.mark.rule("R-65")
def test_the_chair_leads_the_read_through_and_is_not_asked_herself() -> None:
    assert decide(someone(Role.CHAIR), Act.LEAD_READ_THROUGH, place())
    assert not decide(someone(Role.CHAIR), Act.AGREE, place())


@pytest.mark.rule("R-96")
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CHAIR])
def test_only_the_chair_lets_people_in_and_sends_them_out(role: Role) -> None:
    for act in (Act.ADMIT, Act.REMOVE):
        assert not decide(someone(role), act, place())
        assert decide(someone(Role.CHAIR), act, place())


# ── Phases ──────────────────────────────────────────────────────────────────────────────────────────────


def test_nothing_is_written_once_the_record_is_signed() -> None:
    assert decide(someone(Role.CHAIR), Act.EDIT_ANY_POINT, place(Phase.SIGNED)).code == "signed"


def test_reading_goes_on_after_signing() -> None:
    assert decide(someone(Role.PARENT), Act.READ, place(Phase.SIGNED))


def test_nothing_is_typed_while_the_meeting_is_adjourned() -> None:
    assert decide(someone(Role.MINUTE_TAKER), Act.ADD_POINT, place(Phase.ADJOURNED)).code == "adjourned"


@pytest.mark.rule("R-79")
@pytest.mark.parametrize("role", [Role.CHAIR, Role.MINUTE_TAKER])
@pytest.mark.parametrize("act", [Act.ADD_POINT, Act.EDIT_ANY_POINT, Act.EDIT_OWN_POINT])
def test_after_the_end_those_at_the_desk_put_right_what_is_left(role: Role, act: Act) -> None:
    assert decide(someone(role), act, place(Phase.CLOSED))


@pytest.mark.rule("R-79")
@pytest.mark.parametrize("act", [Act.ADD_POINT, Act.EDIT_ANY_POINT, Act.EDIT_OWN_POINT])
def test_after_the_end_nobody_else_writes_with_or_without_the_pen(act: Act) -> None:
    for pens in (frozenset[str](), frozenset({PART})):
        verdict = decide(someone(Role.PROFESSIONAL, pens=pens), act, place(Phase.CLOSED))
        assert (verdict.code, verdict.visible) == ("closed", True)
    assert decide(someone(Role.CHAIR), Act.HAND_PEN, place(Phase.CLOSED)).code == "closed"


def test_after_the_end_the_summary_is_still_the_chairs_alone() -> None:
    for act in (Act.ADD_POINT, Act.EDIT_ANY_POINT):
        assert decide(someone(Role.CHAIR), act, place(Phase.CLOSED, lane=LaneKind.SUMMARY))
        taker = decide(someone(Role.MINUTE_TAKER), act, place(Phase.CLOSED, lane=LaneKind.SUMMARY))
        assert taker.code == "summary_is_the_chairs"


def test_after_the_end_it_can_still_be_said_that_a_point_is_not_right_and_whether_it_is() -> None:
    for act in (Act.RAISE_FLAG, Act.AGREE):
        assert decide(someone(Role.PARENT), act, place(Phase.CLOSED))


@pytest.mark.rule("R-5", "R-98")
@pytest.mark.parametrize("role", [Role.PARENT, Role.CHILD, Role.SOLICITOR])
def test_parents_children_and_their_solicitor_say_something_of_their_own_while_the_meeting_goes_on(
    role: Role,
) -> None:
    assert decide(someone(role), Act.ADD_STATEMENT, place())
    assert decide(someone(role), Act.ADD_STATEMENT, place(Phase.OPEN)).code == "not_in_session"
    assert not decide(someone(role), Act.EDIT_OWN_POINT, place()), "and leave it to the desk to change it"


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase is not Phase.SIGNED])
def test_there_is_no_record_before_it_is_signed(phase: Phase) -> None:
    assert decide(someone(Role.CHAIR), Act.READ_RECORD, place(phase)).code == "not_signed"


@pytest.mark.rule("R-49")
def test_whoever_went_home_before_the_end_has_a_copy_and_reads_nothing_else() -> None:
    gone = someone(Role.PARENT, Standing.LEFT)
    assert decide(gone, Act.READ_RECORD, place(Phase.SIGNED))
    assert not decide(gone, Act.READ, place(Phase.SIGNED))
    assert not decide(gone, Act.READ_RECORD, place(Phase.SIGNED, Audience.PROFESSIONALS))


@pytest.mark.parametrize("standing", [Standing.INVITED, Standing.WAITING, Standing.REMOVED])
def test_whoever_was_never_let_in_or_was_sent_out_has_no_copy(standing: Standing) -> None:
    assert not decide(someone(Role.PARENT, standing), Act.READ_RECORD, place(Phase.SIGNED)).visible


# ── Standing ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("standing", "code"),
    [
        (Standing.INVITED, "not_let_in"),
        (Standing.WAITING, "not_let_in"),
        (Standing.LEFT, "left"),
        (Standing.REMOVED, "removed"),
    ],
)
def test_whoever_is_not_in_the_meeting_is_told_why_and_sees_nothing(standing: Standing, code: str) -> None:
    verdict = decide(someone(Role.PROFESSIONAL, standing), Act.READ, place())
    assert verdict.code == code
    assert not verdict.visible
