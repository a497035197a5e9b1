// What every generated client is asked to do, and what it must get.
export const shop: string = process.env.SHOP_URL ?? "";
export const name: string = process.env.BUYER ?? "";
export const account = { email: `${name}@example.com`, username: name, password: "password123" };
export const event = {
  title: "Lagos Jazz Night",
  date: "2030-06-01T19:00:00",
  location: "Freedom Park, Lagos",
  ticket_price: 2500,
};

export function present<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`no ${what}`);
  return value;
}

export async function report(picture: Blob, shortCode: string): Promise<void> {
  const start = Buffer.from(await picture.arrayBuffer()).subarray(0, 4).toString("latin1");
  if (start !== "\x89PNG") throw new Error(`the picture begins with ${JSON.stringify(start)}`);
  console.log(`bought ${shortCode}`);
}
