import createClient from "openapi-fetch";

import { account, event, present, report, shop } from "./journey";
import type { paths } from "./openapi_fetch_client/schema";

async function buy(): Promise<void> {
  const client = createClient<paths>({ baseUrl: shop });
  await client.POST("/users", { body: account });
  const login = await client.POST("/token", {
    body: account,
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    bodySerializer: (form) =>
      new URLSearchParams({ username: form.username, password: form.password }),
  });
  const headers = { Authorization: `Bearer ${present(login.data, "login").access_token}` };
  const created = present((await client.POST("/events", { body: event, headers })).data, "event");
  const paid = await client.POST("/payments/pay", { body: { event_id: created.id }, headers });
  const reference = present(paid.data, "payment").reference;
  const verified = await client.POST("/payments/verify/{reference}", {
    params: { path: { reference } },
    headers,
  });
  const params = { path: { ticket_id: present(verified.data, "verification").ticket_id } };
  const picture = await client.GET("/tickets/{ticket_id}", { params, headers, parseAs: "blob" });
  const ticket = await client.GET("/tickets/{ticket_id}/details", { params, headers });
  await report(present(picture.data, "picture"), present(ticket.data, "ticket").short_code);
}

void buy();
