"""The least a FastAPI server can do, to read the shop's figures as shares of it."""

import os

from fastapi import FastAPI
from sqlalchemy import bindparam, select

from app.models.events import Event
from app.repositories.database import Database

app = FastAPI()
database = Database(os.environ["DATABASE_URL"])
TITLE = select(Event.id, Event.title).where(Event.id == bindparam("event_id"))


@app.get("/constant")
async def constant() -> dict[str, str]:
    return {"hello": "world"}


@app.get("/select/{event_id}")
def select_one(event_id: int) -> dict[str, str]:
    with database.connection() as connection:
        row = connection.execute(TITLE, {"event_id": event_id}).one()
    return {"title": row.title}
