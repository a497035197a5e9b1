import { account, event, report, shop } from "./journey";
import { Api } from "./swagger_typescript_api_client/client";

async function buy(): Promise<void> {
  const api = new Api<string>({
    baseUrl: shop,
    securityWorker: (token) => (token ? { headers: { Authorization: `Bearer ${token}` } } : {}),
  });
  await api.users.register(account);
  const login = await api.token.logIn(account);
  api.setSecurityData(login.data.access_token);
  const created = await api.events.createEvent(event, { secure: true });
  const paid = await api.payments.buyTicket({ event_id: created.data.id }, { secure: true });
  const verified = await api.payments.verifyPayment(paid.data.reference, { secure: true });
  const id = verified.data.ticket_id;
  const picture = await api.tickets.showTicket(id, undefined, { secure: true, format: "blob" });
  const ticket = await api.tickets.showTicketDetails(id, { secure: true });
  await report(picture.data, ticket.data.short_code);
}

void buy();
