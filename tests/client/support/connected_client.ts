/**
 * Clients on a fake platform.
 * @module
 */
import { AsyncClient } from "../../../client/async_client.ts";
import type { EventMap, EventName } from "../../../client/base/events.ts";
import type { ClientOptions, OptionsWithPlatform } from "../../../client/connection/options.ts";
import { FakePlatform } from "./fake_platform.ts";
import type { FakeSocket } from "./fake_socket.ts";
import { sessionJwt } from "./session_jwt.ts";

/** The URL of the server in these tests. */
export const SERVER = "http://roomz.test";

/** A client that is not connected yet, with its platform. */
export function newClient(
  options: ClientOptions = {},
  token: string = sessionJwt(),
): { client: AsyncClient; platform: FakePlatform } {
  const platform = new FakePlatform();
  return { client: clientOn(platform, token, options), platform };
}

/** A client on a platform. */
export function clientOn(
  platform: FakePlatform,
  token: string = sessionJwt(),
  options: ClientOptions = {},
  server: string = SERVER,
): AsyncClient {
  const all: OptionsWithPlatform = { ...options, platform };
  return new AsyncClient(server, token, all);
}

/** A connected client, with its platform and the server's end of its socket. */
export async function connectedClient(
  options: ClientOptions = {},
): Promise<{ client: AsyncClient; platform: FakePlatform; socket: FakeSocket }> {
  const { client, platform } = newClient(options);
  const connecting = client.connect();
  const socket = await platform.nextSocket();
  socket.accept();
  await connecting;
  return { client, platform, socket };
}

/** Records the payloads of an event from now on. */
export function record<K extends EventName>(client: AsyncClient, name: K): EventMap[K][] {
  const events: EventMap[K][] = [];
  client.on(name, (event) => void events.push(event));
  return events;
}
