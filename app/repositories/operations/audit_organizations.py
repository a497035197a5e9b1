"""The auditor's questions about organizations."""

from typing import Final

EVENTS_OF_NONE: Final = """
SELECT e.id AS event, e.organization_id AS organization FROM events e
LEFT JOIN organizations o ON o.id = e.organization_id
WHERE o.id IS NULL
"""

NO_OWNER: Final = """
SELECT o.id AS organization, o.kind, COUNT(*) AS members FROM organizations o
JOIN memberships m ON m.organization_id = o.id
GROUP BY o.id, o.kind
HAVING SUM(CASE WHEN m.role = 'owner' THEN 1 ELSE 0 END) = 0
"""

STRANGERS: Final = """
SELECT o.id AS organization, o.kind, m.user_id AS member, m.role FROM organizations o
JOIN memberships m ON m.organization_id = o.id
WHERE o.kind = 'demo' OR (o.kind = 'personal' AND (m.user_id <> o.personal_of OR m.role <> 'owner'))
"""

ORGANIZATION_QUESTIONS: Final = (
    ("I14", "an event belongs to no organization", EVENTS_OF_NONE),
    ("I14", "an organization has members and no owner", NO_OWNER),
    ("I14", "an organization has a member it cannot have", STRANGERS),
)
"""Rule of reliability, what is wrong, and the question that finds it."""
