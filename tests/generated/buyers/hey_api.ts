import { account, event, present, report, shop } from "./journey";
import { client } from "./hey_api_client/client.gen";
import {
  buyTicket,
  createEvent,
  logIn,
  register,
  showTicket,
  showTicketDetails,
  verifyPayment,
} from "./hey_api_client";

async function buy(): Promise<void> {
  client.setConfig({ baseUrl: shop });
  await register({ body: account });
  const login = present((await logIn({ body: account })).data, "login");
  client.setConfig({ auth: () => login.access_token });
  const created = present((await createEvent({ body: event })).data, "event");
  const paid = present((await buyTicket({ body: { event_id: created.id } })).data, "payment");
  const path = { reference: paid.reference };
  const verified = present((await verifyPayment({ path })).data, "verification");
  const which = { path: { ticket_id: verified.ticket_id } };
  const picture = present((await showTicket(which)).data, "picture");
  const ticket = present((await showTicketDetails(which)).data, "ticket");
  await report(picture as Blob, ticket.short_code);
}

void buy();
