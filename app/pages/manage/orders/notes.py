"""Notes on an order, written in the console."""

from fastapi import APIRouter, Response
from pydantic import ValidationError

from app.domain.errors import Conflict
from app.domain.ids import OrderNoteId
from app.http.browsers.sessions import FormFields, PageRoute, SendingBrowser
from app.http.dependencies import ServicesDep
from app.http.path_ids import EventIdInPath, OrderIdInPath
from app.http.problems import status_of
from app.pages.forms import mistakes_in
from app.pages.manage.orders.orders import show
from app.pages.manage.sent_once import made_once
from app.pages.users.signing_in import see
from app.schemas.orders.notes import OrderNoteCreate

router = APIRouter(
    prefix="/manage/events/{event_id}/orders/{order_id}/notes",
    include_in_schema=False,
    route_class=PageRoute,
)

FIELDS = ("text",)


@router.post("")
def write_note(
    event_id: EventIdInPath,
    order_id: OrderIdInPath,
    session: SendingBrowser,
    services: ServicesDep,
    form: FormFields,
) -> Response:
    """Write a note for the other members; the same form sent again writes no second one."""

    def write() -> OrderNoteId:
        written = services.order_notes.add(
            event_id=event_id, organizer=session.user, order_id=order_id, text=note.text
        )
        return written.note.id

    try:
        note = OrderNoteCreate.model_validate({"text": form.get("text", "")})
        operation = f"POST /manage/events/{event_id}/orders/{order_id}/notes"
        made_once(session, services, operation, form, write)
    except ValidationError as error:
        mistakes = mistakes_in(error, FIELDS)
        return show(event_id, order_id, session, services, values=form, mistakes=mistakes)
    except Conflict as refusal:
        status = status_of(type(refusal))
        mistakes = {"text": refusal.detail}
        return show(
            event_id, order_id, session, services, values=form, mistakes=mistakes, status=status
        )
    return see(f"/manage/events/{event_id}/orders/{order_id}#notes")
