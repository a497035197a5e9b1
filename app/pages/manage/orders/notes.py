"""Notes on an order, written in the console."""

from fastapi import Response
from pydantic import ValidationError

from app.domain.errors import Conflict
from app.domain.ids import OrderNoteId
from app.http.browsers.sessions import FormFields, SendingBrowser
from app.http.dependencies import ServicesDep
from app.http.path_ids import EventIdInPath, OrderIdInPath
from app.pages.forms import mistake_at
from app.pages.manage.orders.orders import show
from app.pages.manage.sent_once import made_once
from app.pages.rendering import PageRouter, see
from app.schemas.orders.notes import OrderNoteCreate

router = PageRouter("/manage/events/{event_id}/orders/{order_id}/notes")


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
        written = services.event_orders.add_note(
            event_id=event_id, organizer=session.user, order_id=order_id, text=note.text
        )
        return written.note.id

    try:
        note = OrderNoteCreate.model_validate({"text": form.get("text", "")})
        operation = f"POST /manage/events/{event_id}/orders/{order_id}/notes"
        made_once(session, services, operation, form, write)
    except (ValidationError, Conflict) as refusal:
        mistakes = mistake_at("text", refusal)
        return show(event_id, order_id, session, services, values=form, mistakes=mistakes)
    return see(f"/manage/events/{event_id}/orders/{order_id}#notes")
