"""What the shop needs from the outside, not who provides it. Everything here is built in wiring."""

from app.domain.ports.accounts import *
from app.domain.ports.files import *
from app.domain.ports.machine import *
from app.domain.ports.mail import *
from app.domain.ports.payments import *
from app.domain.ports.tickets import *
