/**
 * Raw clients with an account on the dev server.
 * @module
 */
import type { DevServer } from "@roomz/roomz/dev-server";
import { RawClient } from "../../support/raw_client.ts";

/** Opens a raw client and joins the account's channel. */
export async function join(server: DevServer, email = "ada@example.com"): Promise<RawClient> {
  const client = await RawClient.open(server.url, await server.mintSession(email));
  await client.join();
  return client;
}
