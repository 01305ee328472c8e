import {
  AuthenticationError,
  ConfigurationError,
  ConnectionError,
  type EventName,
} from "@roomz/roomz/client";
import { SyncClient } from "@roomz/roomz/sync";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { fromFileUrl } from "@std/path";

interface Server {
  readonly url: string;
  readonly session: string;
  readonly magicLinkToken: string;
}

/** All but `error`. */
const EVENTS: readonly EventName[] = [
  "authenticated",
  "message",
  "user_joined",
  "user_left",
  "display_name_changed",
  "disconnect",
  "connection_state_changed",
];

const config = Deno.env.get("ROOMZ_DENO_CONFIG") ?? "deno.json";

async function withServer(test: (server: Server) => void | Promise<void>): Promise<void> {
  await using process = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", `--config=${config}`, here("../support/sync_server.ts")],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const reader = process.stdout.getReader();
  try {
    const { value } = await reader.read();
    await test(JSON.parse(new TextDecoder().decode(value)));
  } finally {
    await process.stdin.close();
    await reader.cancel();
  }
}

function here(file: string): string {
  return fromFileUrl(new URL(file, import.meta.url));
}

/** Runs a program that uses a SyncClient; returns its exit code and its output. */
async function runProgram(
  server: Server,
  flags: readonly string[],
  body: string,
): Promise<{ code: number; output: string }> {
  const sync = new URL("../../../client/sync/sync_client.ts", import.meta.url).href;
  const program = `import { SyncClient } from ${JSON.stringify(sync)};
    const [url, session] = ${JSON.stringify([server.url, server.session])};
    ${body}`;
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, program);
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-config", "--no-check", "--no-prompt", ...flags, file],
      signal: AbortSignal.timeout(20_000),
    }).output();
    const decoder = new TextDecoder();
    return { code, output: decoder.decode(stdout) + decoder.decode(stderr) };
  } finally {
    await Deno.remove(file);
  }
}

Deno.test("SyncClient connects, sends, sets its name, and keeps its user up to date", async () => {
  await withServer((server) => {
    using client = SyncClient.open(server.url, server.session);
    assertEquals(client.connected, true);
    assertEquals(client.connectionState, "connected");
    assertEquals(client.serverUrl, server.url);
    assertEquals(client.user?.email, "me@example.com");

    assertEquals(client.setDisplayName("a<b"), { status: "ok", display_name: "a<b" });
    assertEquals(client.user?.display_name, "a<b");
    assertEquals(client.send("hello").status, "ok");
    for (const [text, parts] of [["short", 1], ["long text ".repeat(250), 3]] as const) {
      const { status, acknowledged, ...result } = client.sendText(text);
      assertEquals([status, acknowledged, result.parts], ["ok", parts, parts]);
    }
    assertThrows(() => client.sendText("text", { timeout: -1 }), ConfigurationError, "timeout");
    assertEquals(client.whoami().email, "me@example.com");

    client.disconnect();
    assertEquals(client.connected, false);
    assertThrows(() => client.send("too late"), ConnectionError, "Not connected");
    client.connect();
    assertEquals(client.connected, true);
  });
});

Deno.test("SyncClient logs in by magic link, and a wrong token is an AuthenticationError", async () => {
  await withServer((server) => {
    using client = new SyncClient(server.url, "");
    assertThrows(() => client.connect(), AuthenticationError, "login(email)");
    assertEquals(client.login("me@example.com"), true);
    assertThrows(() => client.login("nobody@example.com"), ConnectionError, "not authorized");
    assertThrows(
      () => client.connect("wrong"),
      AuthenticationError,
      "refused the magic-link token",
    );
    client.connect(server.magicLinkToken);
    assertEquals(client.connected, true);
  });
});

Deno.test("SyncClient runs handlers in blocking calls, in receive() and in the event loop", async () => {
  await withServer(async (server) => {
    using client = SyncClient.open(server.url, server.session);
    const received: string[] = [];
    client.on("message", (message) => received.push(`${message.content} ${message.own}`));

    client.send("echo one");
    assertEquals(received[0], "echo one true", "the broadcast comes before the acknowledgement");
    while (received.length < 2 && client.receive(5_000) > 0);
    assertEquals(received[1], "one false");
    assertEquals(client.receive(20), 0, "there are no more events");

    client.send("echo two");
    const { promise, resolve } = Promise.withResolvers<void>();
    client.on("message", (message) => message.content === "two" && resolve());
    if (!received.includes("two false")) await promise;
    assertEquals(received.at(-1), "two false");

    client.off("message");
    client.send("echo three");
    assertEquals(received.at(-1), "two false", "a removed handler is not called");
  });
});

Deno.test("every kind of event reaches the handlers of SyncClient", async () => {
  await withServer((server) => {
    using client = new SyncClient(server.url, server.session);
    const seen = new Set<EventName>();
    for (const name of EVENTS) client.on(name, () => void seen.add(name));
    const receiveUntil = (name: EventName) => {
      while (!seen.has(name) && client.receive(5_000) > 0);
    };
    client.connect();
    const other = SyncClient.open(server.url, server.session);
    receiveUntil("user_joined");
    other.setDisplayName("laptop");
    receiveUntil("display_name_changed");
    other[Symbol.dispose]();
    receiveUntil("user_left");
    client.send("hello");
    client.disconnect();
    assertEquals(EVENTS.filter((name) => !seen.has(name)), []);
  });
});

Deno.test("a handler of SyncClient may call the client", async () => {
  await withServer((server) => {
    using client = SyncClient.open(server.url, server.session);
    const answers: string[] = [];
    client.on("message", (message) => {
      if (message.content === "first") answers.push(client.send("second").status ?? "failed");
    });
    assertEquals(client.send("first").status, "ok");
    assertEquals(answers, ["ok"]);
  });
});

Deno.test("a handler of SyncClient that throws causes an error event with what it threw", async () => {
  await withServer((server) => {
    using client = SyncClient.open(server.url, server.session);
    const failures: unknown[] = [];
    client.on("error", ({ error, code, cause }) => failures.push([error, code, cause]));
    const cause = new TypeError("no such column");
    client.on("message", () => {
      throw cause;
    });
    assertEquals(client.send("hello").status, "ok");
    assertEquals(failures, [['A handler of "message" failed: no such column', 500, cause]]);
  });
});

Deno.test("a failure outside any call reaches the handlers of SyncClient", async () => {
  await withServer((server) => {
    using client = new SyncClient(server.url, server.session, { displayName: "x".repeat(1_000) });
    const failures: unknown[] = [];
    client.on("error", ({ error, code }) => failures.push([error, code]));
    client.connect();
    while (failures.length === 0 && client.receive(5_000) > 0);
    assertEquals(failures, [[
      "The display name was not set: Invalid display name: must be 1-50 characters, no newlines",
      400,
    ]]);
  });
});

Deno.test("a SyncClient that has been disposed refuses every call at once", async () => {
  await withServer((server) => {
    const client = SyncClient.open(server.url, server.session);
    client[Symbol.dispose]();
    client[Symbol.dispose]();
    assertEquals(client.connected, false);
    assertEquals(client.receive(), 0);
    assertThrows(() => client.send("too late"), ConnectionError, "has been disposed");
    assertThrows(() => client.connect(), ConnectionError, "has been disposed");
  });
});

Deno.test("SyncClient reports an invalid URL, invalid options and an unreachable server", () => {
  assertThrows(() => new SyncClient("nowhere"), ConfigurationError, "not valid");
  const wrong = { ackTimeout: -1 };
  assertThrows(
    () => new SyncClient("http://localhost", "", wrong),
    ConfigurationError,
    "ackTimeout",
  );
  const listener = Deno.listen({ port: 0 });
  const { port } = listener.addr;
  listener.close();
  assertThrows(
    () => SyncClient.open(`http://127.0.0.1:${port}`, "a.b.c"),
    ConnectionError,
    "No answer from",
  );
});

Deno.test("an unused SyncClient does not keep the process alive", async () => {
  await withServer(async (server) => {
    const { code, output } = await runProgram(
      server,
      ["-A"],
      `const client = SyncClient.open(url, session); console.log(client.send("x").status);`,
    );
    assertEquals([code, output.trim()], [0, "ok"]);
  });
});

Deno.test("SyncClient needs net access, and read access to its package if that is on disk", async () => {
  await withServer(async (server) => {
    const { host } = new URL(server.url);
    const folder = fromFileUrl(new URL("../../../client/", import.meta.url));
    const body = `using client = SyncClient.open(url, session); console.log(client.connected);`;
    const enough = await runProgram(
      server,
      [`--allow-net=${host}`, `--allow-read=${folder}`],
      body,
    );
    assertEquals(enough, { code: 0, output: "true\n" });

    const tooFew = await runProgram(server, [`--allow-net=${host}`], body);
    assert(tooFew.code !== 0);
    assertStringIncludes(tooFew.output, `Add --allow-read=${folder}`);
  });
});
