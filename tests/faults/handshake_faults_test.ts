/**
 * The network fails at every step from the first TCP packet to the accepted session.
 * @module
 */
import { AsyncClient, AuthenticationError, ConnectionError } from "@roomz/roomz/client";
import { createDevServer, type DevServer } from "@roomz/roomz/dev-server";
import { assert, assertEquals, assertNotMatch, assertRejects } from "@std/assert";
import { Mailbox } from "../contract/support/mailbox.ts";
import { type FaultKind, type FaultPoint, FaultProxy } from "./support/fault_proxy.ts";
import { durations, GRACE, LONG, measured } from "./support/rounds.ts";

const ADA = "ada@example.com";
const KINDS: readonly FaultKind[] = ["reset", "end", "stall"];
/** Milliseconds; longer if other tests keep the machine busy. */
const CONNECTION_TIMEOUT = LONG ? 400 : 2_000;

/** The steps of one HTTP request. */
function httpSteps(path: string): Readonly<Record<string, FaultPoint>> {
  return {
    "TCP accept": { at: "accept" },
    "the request": { at: "request", path, unit: 1 },
    "nothing of the answer": { at: "answer", path, unit: 1, half: false },
    "half the answer's head": { at: "answer", path, unit: 1, half: true },
    "the answer's head without its body": { at: "answer", path, unit: 2, half: false },
  };
}

const SOCKET = "/socket.io/";

/** The steps of the WebSocket's handshake, up to the accepted session. */
const SOCKET_STEPS: Readonly<Record<string, FaultPoint>> = {
  "TCP accept": { at: "accept" },
  "the upgrade request": { at: "request", path: SOCKET, unit: 1 },
  "nothing of the upgrade response": { at: "answer", path: SOCKET, unit: 1, half: false },
  "half the upgrade response": { at: "answer", path: SOCKET, unit: 1, half: true },
  "before the open packet": { at: "answer", path: SOCKET, unit: 2, half: false },
  "half the open packet's frame": { at: "answer", path: SOCKET, unit: 2, half: true },
  "after the open packet, the client's 40": { at: "request", path: SOCKET, unit: 2 },
  "before authenticated": { at: "answer", path: SOCKET, unit: 3, half: false },
  "half the authenticated frame": { at: "answer", path: SOCKET, unit: 3, half: true },
  "after authenticated, before its 40": { at: "answer", path: SOCKET, unit: 4, half: false },
  "half the 40": { at: "answer", path: SOCKET, unit: 4, half: true },
};

/**
 * Makes the same attempt under every fault. It must fail with a ConnectionError in time. `after` is
 * called when the fault is gone. All attempts run concurrently: most only wait.
 */
async function underEveryFault(
  what: string,
  steps: Readonly<Record<string, FaultPoint>>,
  token: (server: DevServer, mailbox: Mailbox) => Promise<string>,
  attempt: (client: AsyncClient) => Promise<unknown>,
  after: (client: AsyncClient, point: FaultPoint) => Promise<unknown>,
): Promise<void> {
  const mailbox = new Mailbox();
  await using server = await createDevServer({
    port: 0,
    allowedEmails: "*",
    onMagicLink: ({ email, token }) => mailbox.deliver(email, token),
  });
  const cases = Object.entries(steps).flatMap(([step, point]) =>
    KINDS.map((kind) => ({ name: `${what}, ${kind} at: ${step}`, fault: { kind, point } }))
  );
  const times = await Promise.all(cases.map(async ({ name, fault }) => {
    await using proxy = await FaultProxy.start(server.port, fault);
    const options = { connectionTimeout: CONNECTION_TIMEOUT };
    await using client = new AsyncClient(proxy.url, await token(server, mailbox), options);
    const start = performance.now();
    const error = await assertRejects(() => attempt(client), ConnectionError, "", name);
    const took = performance.now() - start;
    assertNotMatch(error.message, /fetch failed|undefined|\.\./, name);
    assert(took <= CONNECTION_TIMEOUT + GRACE, `${name}: ${took} ms`);
    assert(proxy.struck > 0, `${name}: the fault never struck`);
    assertEquals([client.connectionState, client.connected], ["disconnected", false], name);
    proxy.fault = undefined;
    await after(client, fault.point);
    return took;
  }));
  measured(
    `${what}: RST, FIN and stall at ${Object.keys(steps).length} steps`,
    `${times.length} ConnectionErrors, timeout ${CONNECTION_TIMEOUT} ms: ${durations(times)}`,
  );
}

const session = (server: DevServer) => server.mintSession(ADA);

Deno.test("connect(): a fault at any step of the WebSocket's handshake is a ConnectionError in time", async () => {
  await underEveryFault(
    "connect()",
    SOCKET_STEPS,
    session,
    (client) => client.connect(),
    async (client) => {
      await client.connect();
      assertEquals((await client.send("connected after all")).status, "ok");
    },
  );
});

Deno.test("whoami(): a fault at any step of the request is a ConnectionError in time", async () => {
  await underEveryFault(
    "whoami()",
    httpSteps("/auth/me"),
    session,
    (client) => client.whoami(),
    async (client) => assertEquals((await client.whoami()).email, ADA),
  );
});

Deno.test("login by magic link: a fault at any step of the exchange is a ConnectionError in time", async () => {
  await underEveryFault(
    "/auth/verify",
    httpSteps("/auth/verify"),
    async (server, mailbox) => {
      // The server sends five links per hour to one address.
      const email = `${crypto.randomUUID()}@example.com`;
      await new AsyncClient(server.url).login(email);
      return await mailbox.take(email);
    },
    (client) => client.connect(),
    async (client, point) => {
      // A link works once: it is still valid only if the server did not get the request.
      if (point.at !== "answer") return await client.connect();
      await assertRejects(() => client.connect(), AuthenticationError, "already used");
    },
  );
});

Deno.test("connect(): a fault at any step of /auth/me, after a refusal, is a ConnectionError in time", async () => {
  const { "TCP accept": _, ...steps } = httpSteps("/auth/me");
  await underEveryFault(
    "44, then /auth/me",
    steps,
    () => Promise.resolve("a.forged.session"),
    (client) => client.connect(),
    (client) => assertRejects(() => client.connect(), AuthenticationError, "not accept"),
  );
});
