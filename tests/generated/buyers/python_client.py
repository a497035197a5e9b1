"""Buys a ticket with the client that openapi-python-client made: `shop_client`."""

import os
import sys

from shop_client import AuthenticatedClient, Client
from shop_client.api.events import create_event
from shop_client.api.payments import buy_ticket, verify_payment
from shop_client.api.tickets import show_ticket, show_ticket_details
from shop_client.api.users import log_in, register
from shop_client.models import EventCreate, OrderCreate, TokenForm, UserCreate

SHOP, NAME = os.environ["SHOP_URL"], os.environ["BUYER"]
SECRET = "password123"


def buy() -> str:
    anonymous = Client(base_url=SHOP, raise_on_unexpected_status=True)
    account = UserCreate(email=f"{NAME}@example.com", username=NAME, password=SECRET)
    register.sync(client=anonymous, body=account)
    login = log_in.sync(client=anonymous, body=TokenForm(username=NAME, password=SECRET))
    client = AuthenticatedClient(base_url=SHOP, token=login.access_token)
    event = EventCreate(
        title="Lagos Jazz Night",
        date="2030-06-01T19:00:00",
        location="Freedom Park, Lagos",
        ticket_price=2500,
    )
    created = create_event.sync(client=client, body=event)
    paid = buy_ticket.sync(client=client, body=OrderCreate(event_id=created.id))
    verified = verify_payment.sync(paid.reference, client=client)
    # The generator knows no pictures; it leaves them as they are.
    picture = show_ticket.sync_detailed(verified.ticket_id, client=client)
    assert picture.content.startswith(b"\x89PNG")
    return show_ticket_details.sync(verified.ticket_id, client=client).short_code


sys.stdout.write(f"bought {buy()}\n")
