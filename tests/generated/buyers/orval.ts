import { account, event, present, report } from "./journey";
import {
  buyTicket,
  createEvent,
  logIn,
  register,
  showTicket,
  showTicketDetails,
  verifyPayment,
} from "./orval_client/client";

async function buy(): Promise<void> {
  await register(account);
  const login = await logIn(account);
  if (login.status !== 200) throw new Error("no login");
  const options = { headers: { Authorization: `Bearer ${login.data.access_token}` } };
  const created = await createEvent(event, options);
  if (created.status !== 201) throw new Error("no event");
  const paid = await buyTicket({ event_id: created.data.id }, options);
  if (paid.status !== 200) throw new Error("no payment");
  const verified = await verifyPayment(paid.data.reference, options);
  if (verified.status !== 200) throw new Error("not verified");
  const picture = await showTicket(verified.data.ticket_id, undefined, options);
  const ticket = await showTicketDetails(verified.data.ticket_id, options);
  if (picture.status !== 200 || ticket.status !== 200) throw new Error("no ticket");
  await report(present(picture.data, "picture"), ticket.data.short_code);
}

void buy();
