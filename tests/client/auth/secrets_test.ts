/**
 * No token and no session leaks: not into the log, an error, an event or an inspection.
 * @module
 */
import {
  type AsyncClient,
  type ClientLogger,
  type ClientOptions,
  MemorySessionCache,
} from "@roomz/roomz/client";
import { assert, assertEquals } from "@std/assert";
import { settle } from "../../../testing/virtual_clock.ts";
import { captureConsole } from "../support/capture_console.ts";
import { newClient } from "../support/connected_client.ts";
import type { FakePlatform, Route } from "../support/fake_platform.ts";
import {
  accountRoute,
  notVerifiedRoute,
  silentRoute,
  unauthorizedRoute,
  verifiedRoute,
} from "../support/roomz_routes.ts";
import { sessionJwt, SIGNATURE } from "../support/session_jwt.ts";

const MAGIC = "mAgIcLiNkToKeN/+&=";
const jwt = sessionJwt("one");

/** Every form in which a secret of these tests could leak. */
const secrets = [MAGIC, encodeURIComponent(MAGIC), SIGNATURE, jwt, jwt.split(".")[1] ?? ""];

/** Everything that a client has output. */
class Transcript {
  readonly output: string[] = [];

  readonly logger: ClientLogger = {
    debug: (line) => void this.output.push(line),
    info: (line) => void this.output.push(line),
    warn: (line) => void this.output.push(line),
  };

  /** Records whatever a user may print: all of it, including its cause and its stack. */
  add(value: unknown): void {
    this.output.push(Deno.inspect(value, { depth: 20, showHidden: true }), String(value));
    this.output.push(JSON.stringify(value) ?? "");
    if (value instanceof Error) {
      this.output.push(value.message, value.stack ?? "");
      this.add(value.cause);
    }
  }

  follow(client: AsyncClient): void {
    for (
      const event of [
        "authenticated",
        "connection_state_changed",
        "disconnect",
        "error",
        "message",
      ] as const
    ) {
      client.on(event, (payload) => this.add(payload));
    }
  }
}

interface Scene {
  readonly client: AsyncClient;
  readonly platform: FakePlatform;
  /** Awaits a call and records what it throws. */
  readonly attempt: (call: Promise<unknown>) => Promise<void>;
}

/** Plays a scene, and fails if a secret leaks. Returns how much was output. */
async function play(
  token: string,
  options: ClientOptions,
  routes: Record<string, Route>,
  act: (scene: Scene) => Promise<void>,
): Promise<number> {
  const transcript = new Transcript();
  const lines = await captureConsole(async () => {
    const { client, platform } = newClient({ ...options, logger: transcript.logger }, token);
    for (const [name, route] of Object.entries(routes)) platform.routes.set(name, route);
    transcript.follow(client);
    const attempt = async (call: Promise<unknown>) => {
      try {
        transcript.add(await call);
      } catch (error) {
        transcript.add(error);
      }
      transcript.add(client);
    };
    await act({ client, platform, attempt });
    await attempt(client.disconnect());
  });
  const text = [...transcript.output, ...lines].join("\n");
  for (const secret of secrets) {
    const at = text.indexOf(secret);
    assert(at === -1, `a secret shows: …${text.slice(Math.max(0, at - 200), at + 100)}…`);
  }
  return transcript.output.length;
}

const VERIFY = "GET /auth/verify";
const ME = "GET /auth/me";

const scenes: readonly [
  name: string,
  token: string,
  routes: Record<string, Route>,
  act: (scene: Scene) => Promise<void>,
  options?: ClientOptions,
][] = [
  [
    "a wrong magic-link token",
    MAGIC,
    { [VERIFY]: notVerifiedRoute("invalid_token") },
    ({ client, attempt }) => attempt(client.connect()),
  ],
  [
    "a magic-link token and an unreachable server",
    MAGIC,
    {},
    ({ client, attempt }) => attempt(client.connect()),
  ],
  [
    "a magic-link token and an error that quotes it in every form",
    MAGIC,
    {
      [VERIFY]: ({ url }) => {
        throw new TypeError(`failed: ${url} ${MAGIC}`, { cause: new Error(url) });
      },
    },
    ({ client, attempt }) => attempt(client.connect()),
  ],
  [
    "a magic-link token and a server that is not Roomz",
    MAGIC,
    { [VERIFY]: ({ url }) => new Response(`You asked for ${url}`) },
    ({ client, attempt }) => attempt(client.connect()),
  ],
  [
    "a magic-link token and a server that stalls",
    MAGIC,
    { [VERIFY]: silentRoute },
    async ({ client, platform, attempt }) => {
      const attempted = attempt(client.connect());
      await settle();
      await platform.advance(10_000);
      await attempted;
    },
  ],
  [
    "a magic-link token that is exchanged, used and used again",
    MAGIC,
    { [VERIFY]: verifiedRoute(jwt) },
    async ({ client, platform, attempt }) => {
      const connecting = attempt(client.connect());
      (await platform.nextSocket()).accept();
      await connecting;
      const again = attempt(client.connect(MAGIC));
      (await platform.nextSocket()).accept();
      await again;
      await attempt(client.whoami());
    },
  ],
  [
    "a session that is refused",
    jwt,
    { [ME]: unauthorizedRoute },
    async ({ client, platform, attempt }) => {
      const connecting = attempt(client.connect());
      (await platform.nextSocket()).refuse();
      await connecting;
      await attempt(client.whoami());
    },
  ],
  ["a session and a full server", jwt, { [ME]: accountRoute }, async (scene) => {
    const connecting = scene.attempt(scene.client.connect());
    (await scene.platform.nextSocket()).refuse();
    await connecting;
  }],
  ["a session and an unreachable server", jwt, {}, async ({ client, platform, attempt }) => {
    const connecting = attempt(client.connect());
    (await platform.nextSocket()).fail("connection refused");
    await connecting;
    await attempt(client.whoami());
    await attempt(client.login("me@example.com"));
  }],
  [
    "a session and an error of fetch() that quotes the header",
    jwt,
    {
      [ME]: ({ headers }) => {
        throw new TypeError(`bad header ${headers.get("Cookie")}`);
      },
    },
    ({ client, attempt }) => attempt(client.whoami()),
  ],
  [
    "a session that has expired",
    sessionJwt("one", { exp: 1 }),
    {},
    ({ client, attempt }) => attempt(client.connect()),
  ],
  ["a session that is used for everything, until the client gives up", jwt, {}, async (scene) => {
    const { client, platform, attempt } = scene;
    const connecting = attempt(client.connect());
    const socket = await platform.nextSocket();
    socket.accept();
    await connecting;
    client.on("message", () => {
      throw new Error("a handler fails");
    });
    socket.message("m1");
    socket.deliver("42[bad");
    const sends = [client.send("hi"), client.setDisplayName("bot"), client.waitFor("user_left")];
    const attempts = sends.map((call) => attempt(call));
    socket.drop(1011);
    for (let i = 0; i < 5; i++) {
      (await platform.advanceToNextSocket()).fail("connection refused");
      await settle();
    }
    await Promise.all(attempts);
    await attempt(client.send("hi"));
    assertEquals(client.connectionState, "disconnected");
  }],
  ["a session that is cleared while reconnecting", jwt, {}, async (scene) => {
    const connecting = scene.attempt(scene.client.connect());
    const socket = await scene.platform.nextSocket();
    socket.accept();
    await connecting;
    socket.drop();
    await scene.attempt(scene.client.clearCachedSession());
    await scene.platform.advance(2_000);
  }],
  ["a session that is not a JWT, from a custom cache", "", {}, async (scene) => {
    await scene.attempt(scene.client.connect());
    await scene.attempt(scene.client.whoami());
  }, { sessionCache: storeWith(`${jwt}\n`) }],
  ["a session in a store", "", { [ME]: accountRoute }, async (scene) => {
    const connecting = scene.attempt(scene.client.connect());
    (await scene.platform.nextSocket()).accept();
    await connecting;
    await scene.attempt(scene.client.whoami());
    await scene.attempt(scene.client.logout());
  }, { sessionCache: storeWith(jwt) }],
];

function storeWith(jwt: string): MemorySessionCache {
  const store = new MemorySessionCache();
  void store.set("http://roomz.test", { jwt });
  return store;
}

for (const [name, token, routes, act, options = {}] of scenes) {
  Deno.test(`no secret leaks: ${name}`, async () => {
    const output = await play(token, options, routes, act);
    assert(output > 4, "there was something to search");
  });
}

Deno.test("inspecting a client, its sessions and its caches reveals no secret", async () => {
  const sessionCache = storeWith(jwt);
  const { client } = newClient({ sessionCache }, MAGIC);
  await client.whoami().catch(() => {});
  const text = Deno.inspect([client, sessionCache], { depth: 20, showHidden: true }) +
    JSON.stringify([client, sessionCache]) + Object.entries(client).join();
  for (const secret of secrets) assert(!text.includes(secret));
});
