"""Staff: made by an operator, signed in with a password, signed out on the server."""

from __future__ import annotations

from sqlmodel import Session, select

from server.actions import audit, guessing
from server.actions.audit import Deed
from server.actions.context import Context
from server.actions.words import NAME_LETTERS, one_paragraph
from server.auth import bearer, passwords, sessions, throttle
from server.auth.identity import StaffActor
from server.auth.sessions import SessionToken
from server.db.ids import new_id
from server.db.models import Staff
from server.errors import BadInput, Conflict
from server.events import RightsChanged

WRONG = "That email address and password do not fit together."


async def add(ctx: Context, email: str, name: str, password: str, *, administrator: bool) -> str:
    """Make an account; its id.

    Raises:
        BadInput: an address, name or password that cannot be one.
        Conflict: the address has an account.
    """
    address = email.strip().casefold()
    if address.count("@") != 1 or address.startswith("@") or address.endswith("@") or " " in address:
        raise BadInput("email", "Give an email address, like name@council.example.")
    shown = one_paragraph("name", name, NAME_LETTERS, needed="Give the person’s name.")
    hashed = await passwords.hashed(password)
    return await ctx.db.write(_add, ctx, address, shown, hashed, administrator)


def _add(session: Session, ctx: Context, email: str, name: str, hashed: str, administrator: bool) -> str:
    if _by_email(session, email) is not None:
        raise Conflict("account_exists", "There is an account with this email address already.")
    staff = Staff(
        id=new_id("s"),
        email=email,
        name=name,
        password_hash=hashed,
        administrator=administrator,
        created_at=ctx.now(),
    )
    session.add(staff)
    kind = "administrator" if administrator else "staff"
    audit.did(session, ctx, audit.SERVER, Deed.ACCOUNT_ADDED, account=f"staff:{staff.id}", code=kind)
    return staff.id


async def set_password(ctx: Context, email: str, password: str) -> str:
    """Give an account a new password; every session it had ends. Its id. Raises BadInput for an unknown
    account.
    """
    hashed = await passwords.hashed(password)
    staff_id, left = await ctx.db.write(_set_password, ctx, email.strip().casefold(), hashed)
    _tell(ctx, left)
    return staff_id


def _set_password(session: Session, ctx: Context, email: str, hashed: str) -> tuple[str, frozenset[str]]:
    staff = _by_email(session, email)
    if staff is None:
        raise BadInput("email", "There is no account with this email address.")
    staff.password_hash = hashed
    session.add(staff)
    left = sessions.end_all_of_staff(session, staff.id, ctx.now())
    audit.did(session, ctx, audit.SERVER, Deed.PASSWORD_SET, account=f"staff:{staff.id}")
    return staff.id, left


async def change_password(
    ctx: Context, actor: StaffActor, current: str, password: str, address: str = ""
) -> SessionToken:
    """Somebody gives themselves a new password: what was opened with the old one ends, and a session begins.

    Raises:
        BadInput: the current password is not that (`current`), or the new one cannot be one (`password`).
        Throttled: too many wrong tries for this account or from this address.
    """
    staff = await ctx.db.read(_by_id, actor.staff_id)
    limits = [throttle.for_account(ctx.settings, staff.email), throttle.for_address(ctx.settings, address)]
    await guessing.count(ctx, limits)
    if not await passwords.matches(current, staff.password_hash):
        await ctx.db.write(_wrong, ctx, staff.id)
        raise BadInput("current", "That is not the password you have now.", "wrong_password")
    hashed = await passwords.hashed(password)
    made, left = await ctx.db.write(_change_password, ctx, actor, hashed, limits)
    ctx.waits.forget(limits)
    _tell(ctx, left)
    return made


def _change_password(
    session: Session, ctx: Context, actor: StaffActor, hashed: str, limits: list[throttle.Limit]
) -> tuple[SessionToken, frozenset[str]]:
    throttle.was_right(session, limits)
    staff = _by_id(session, actor.staff_id)
    staff.password_hash = hashed
    session.add(staff)
    left = sessions.end_all_of_staff(session, staff.id, ctx.now())
    audit.did(session, ctx, actor, Deed.PASSWORD_SET, account=f"staff:{staff.id}")
    return sessions.start_for_staff(session, staff.id, ctx.steady(), ctx.settings.staff_session), left


def _by_id(session: Session, staff_id: str) -> Staff:
    return session.get_one(Staff, staff_id)


async def close_account(ctx: Context, email: str) -> str:
    """Somebody works here no longer: no password fits any more, and every session ends. What they did stays theirs.

    Its id. Raises BadInput for an unknown account.
    """
    staff_id, left = await ctx.db.write(_close_account, ctx, email.strip().casefold())
    _tell(ctx, left)
    return staff_id


def _close_account(session: Session, ctx: Context, email: str) -> tuple[str, frozenset[str]]:
    staff = _by_email(session, email)
    if staff is None:
        raise BadInput("email", "There is no account with this email address.")
    staff.password_hash, staff.administrator = passwords.NONE, False
    session.add(staff)
    left = sessions.end_all_of_staff(session, staff.id, ctx.now())
    audit.did(session, ctx, audit.SERVER, Deed.ACCOUNT_CLOSED, account=f"staff:{staff.id}")
    return staff.id, left


async def sign_in(
    ctx: Context, email: str, password: str, address: str = "", before: str = ""
) -> SessionToken:
    """A new session for the right email address and password. `before` is the session this browser had; it
    ends.

    Raises:
        BadInput: they do not fit; which of the two is wrong is not said.
        Throttled: too many wrong tries for this account or from this address.
    """
    account = email.strip().casefold()
    limits = [throttle.for_account(ctx.settings, account), throttle.for_address(ctx.settings, address)]
    await guessing.count(ctx, limits)
    staff = await ctx.db.read(_by_email, account)
    if not await passwords.matches(password, staff.password_hash if staff else None) or staff is None:
        await ctx.db.write(_wrong, ctx, staff.id if staff else "")
        raise BadInput("password", WRONG, "wrong_password")
    made, left = await ctx.db.write(_sign_in, ctx, staff.id, limits, before)
    ctx.waits.forget(limits)
    _tell(ctx, left)
    return made


def _wrong(session: Session, ctx: Context, staff_id: str) -> None:
    account = f"staff:{staff_id}" if staff_id else ""
    audit.did(
        session, ctx, audit.STRANGER, Deed.REFUSED, act="sign_in", code="wrong_password", account=account
    )


def _sign_in(
    session: Session, ctx: Context, staff_id: str, limits: list[throttle.Limit], before: str
) -> tuple[SessionToken, frozenset[str]]:
    throttle.was_right(session, limits)
    left = sessions.end(session, before, ctx.now()) if before else frozenset[str]()
    audit.did(session, ctx, f"staff:{staff_id}", Deed.SIGNED_IN)
    return sessions.start_for_staff(session, staff_id, ctx.steady(), ctx.settings.staff_session), left


async def sign_out(ctx: Context, staff: StaffActor) -> None:
    """End this session, on the server, and every meeting that was opened from it."""
    _tell(ctx, await ctx.db.write(_sign_out, ctx, staff))


def _sign_out(session: Session, ctx: Context, staff: StaffActor) -> frozenset[str]:
    audit.did(session, ctx, staff, Deed.SIGNED_OUT)
    return sessions.end(session, staff.session, ctx.now())


def _tell(ctx: Context, left: frozenset[str]) -> None:
    """Open connections of sessions that have just ended are looked at at once."""
    ctx.events.publish(*(RightsChanged(conference_id) for conference_id in sorted(left)))


async def create_token(ctx: Context, name: str) -> str:
    """An API token for another program, told once."""
    shown = one_paragraph("name", name, NAME_LETTERS, needed="Give the program a name.")
    return await ctx.db.write(_create_token, ctx, shown)


def _create_token(session: Session, ctx: Context, name: str) -> str:
    token = bearer.create_token(session, name, ctx.now())
    made = bearer.bearer_of(session, token, ctx.now())
    audit.did(session, ctx, audit.SERVER, Deed.TOKEN_CREATED, of=audit.who(made) if made else None)
    return token


async def revoke_tokens(ctx: Context, name: str) -> int:
    """Every API token of this name counts no more; how many there were."""
    return await ctx.db.write(_revoke_tokens, ctx, name)


def _revoke_tokens(session: Session, ctx: Context, name: str) -> int:
    revoked = bearer.revoke(session, name, ctx.now())
    for token in revoked:
        audit.did(session, ctx, audit.SERVER, Deed.TOKEN_REVOKED, of=audit.who(token))
    return len(revoked)


async def colleagues(ctx: Context) -> tuple[tuple[str, str], ...]:
    """Everyone who can sign in, as (id, name): those who can be given a place as chair or minute-taker."""
    return await ctx.db.read(_colleagues)


def _colleagues(session: Session) -> tuple[tuple[str, str], ...]:
    working = select(Staff).where(Staff.password_hash != passwords.NONE).order_by(Staff.name)
    return tuple((staff.id, staff.name) for staff in session.exec(working).all())


def _by_email(session: Session, email: str) -> Staff | None:
    return session.exec(select(Staff).where(Staff.email == email)).one_or_none()
