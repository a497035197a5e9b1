"""Every refusal, under one roof."""

from app.domain.errors.accounts import *
from app.domain.errors.buying import *
from app.domain.errors.doors import *
from app.domain.errors.events import *
from app.domain.errors.kinds import *
from app.domain.errors.machine import *
from app.domain.errors.organizers import *
from app.domain.errors.promo_codes import *
from app.domain.errors.refunds import *
from app.domain.errors.tickets import *
