/**
 * Spans of a fleet, as a receiver of OTLP gets them.
 * @module
 */
import { assert, assertEquals } from "@std/assert";

const PROGRAM = `
import { defineBot, FleetAccounts, KvStorage, newFleetKey, runFleet } from "@roomz/roomz/bot";
import { AsyncClient } from "@roomz/roomz/client";
import { createDevServer } from "@roomz/roomz/dev-server";

await using server = await createDevServer({ port: 0, allowedEmails: "*", log() {} });
using storage = new KvStorage(Deno.args[0]);
const keys = [newFleetKey()];
const bot = defineBot({ name: "helper", commands: { "ping": "pong" } });
const accounts = new FleetAccounts({ storage, fleet: bot.name, keys });
const stop = new AbortController();
let onInfo = () => {};
const logger = { debug() {}, info: (text) => onInfo(text), warn: console.error, error: console.error };
const running = runFleet(bot, { storage, keys, signal: stop.signal, lease: 1_000, logger });
for (const name of ["ada", "bob"]) {
  const token = await server.mintSession(name + "@example.com");
  const ready = new Promise((resolve) => {
    onInfo = (text) => text.startsWith(name) && text.includes("ready") && resolve();
  });
  const { id } = await accounts.add({ server: server.url, token });
  await using device = await AsyncClient.open(server.url, token, { displayName: "phone" });
  await ready;
  const messages = device.messages();
  await device.send("!ping");
  for await (const message of messages) if (!message.own) break;
  console.log(id);
}
stop.abort();
await running;
`;

/** The parts of an OTLP request that the test reads. */
interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string };
}

Deno.test("a span of a fleet names the account by its id in the fleet, and says nothing about its owner", async () => {
  const received: string[] = [];
  const end = new AbortController();
  const { addr } = Deno.serve(
    { hostname: "127.0.0.1", port: 0, signal: end.signal, onListen() {} },
    async (request) => {
      if (new URL(request.url).pathname === "/v1/traces") received.push(await request.text());
      return Response.json({});
    },
  );
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/fleet.ts`, PROGRAM);
    const config = Deno.env.get("ROOMZ_DENO_CONFIG") ?? "deno.json";
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--quiet", "--no-check", "-A", "--unstable-kv", `--config=${config}`],
        ...[`${folder}/fleet.ts`, `${folder}/fleet.kv`],
      ],
      env: {
        NO_COLOR: "1",
        OTEL_DENO: "true",
        OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${addr.port}`,
      },
    }).output();
    assert(success, new TextDecoder().decode(stderr));
    const ids = new TextDecoder().decode(stdout).trim().split("\n");
    const spans = received.flatMap(spansIn).filter(({ name }) => name === "!ping");
    assertEquals(spans.map(({ attributes }) => attributes["roomz.account"]), ids);
    for (const { attributes } of spans) {
      assertEquals(attributes["roomz.bot"], "helper");
      assert(!JSON.stringify(attributes).includes("@"));
    }
  } finally {
    end.abort();
    await Deno.remove(folder, { recursive: true });
  }
});

function spansIn(body: string): { name: string; attributes: Record<string, string | undefined> }[] {
  const { resourceSpans } = JSON.parse(body);
  return resourceSpans.flatMap(({ scopeSpans }: { scopeSpans: readonly unknown[] }) => scopeSpans)
    .flatMap((
      { spans }: { spans: readonly { name: string; attributes: readonly Attribute[] }[] },
    ) =>
      spans.map(({ name, attributes }) => ({
        name,
        attributes: Object.fromEntries(
          attributes.map(({ key, value }) => [key, value.stringValue]),
        ),
      }))
    );
}
