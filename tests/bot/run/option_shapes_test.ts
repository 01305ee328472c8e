import { AsyncClient, ConfigurationError } from "@roomz/roomz";
import { defineBot, MemoryStorage, runBot, type RunOptions } from "@roomz/roomz/bot";
import { assertRejects } from "@std/assert";
import { checkOptions } from "../../../bot/run/option_shapes.ts";

const bot = defineBot({ name: "helper" });
const server = "http://localhost:1";

const wrong: readonly [options: unknown, message: string][] = [
  [undefined, "The options must be an object such as { server, token }, not undefined."],
  [server, 'The options must be an object such as { server, token }, not "http://localhost:1".'],
  [{}, "runBot needs `server`, the server's address, or `client`."],
  [{ server, client: undefined }, "`client` is undefined. Leave it out to connect to `server`."],
  [
    { server, drainTimeOut: 1 },
    'runBot has no option "drainTimeOut". Did you mean "drainTimeout"?\n  in runBot(…).drainTimeOut',
  ],
  [{ server, standAlone: true }, 'runBot has no option "standAlone". Did you mean "standalone"?'],
  [{ server, tokn: "" }, 'runBot has no option "tokn". Did you mean "token"?'],
  [{ server, reconect: false }, 'runBot has no option "reconect". Did you mean "reconnect"?'],
  [{ url: server }, 'runBot has no option "url". Write `server`.'],
  [
    { server, displayName: "x" },
    'runBot has no option "displayName". The display name is the bot\'s `name`.',
  ],
  [
    { server, loopGuard: { limit: 1, windw: 1 } },
    'A rate has no "windw". Did you mean "window"?\n  in runBot(…).loopGuard.windw',
  ],
  [{ server: 8000 }, "`server` must be a string or a URL, not 8000.\n  in runBot(…).server"],
  [
    { server, token: Promise.resolve("t") },
    "`token` must be a string, not a Promise. Await it first.",
  ],
  [
    { server, signal: new AbortController() },
    "`signal` must be an AbortSignal, not an AbortController.",
  ],
  [{ server, standalone: "yes" }, '`standalone` must be true or false, not "yes".'],
  [
    { server, storage: new Map() },
    "`storage` must be a storage with the methods read, write, delete, not a Map.",
  ],
  [{ server, storage: MemoryStorage }, "not the class MemoryStorage."],
  [
    { server, logger: console.log },
    "`logger` must be an object such as console with the methods debug, info, warn, error, not a function.",
  ],
  [
    { server, health: true },
    "`health` must be a BotHealth with the methods observe, report, not true.",
  ],
  [{ client: AsyncClient }, "`client` must be a client with the methods connect, "],
];
for (const [options, message] of wrong) {
  Deno.test(`runBot rejects its options: ${message}`, async () => {
    const run: () => Promise<void> = () => Reflect.apply(runBot, undefined, [bot, options]);
    await assertRejects(run, ConfigurationError, message);
  });
}

Deno.test("the options of runBot may be undefined or unusual", () => {
  const accepted: readonly RunOptions[] = [
    { server },
    { server: new URL(server), token: "t", logger: console, storage: new MemoryStorage() },
    { server, loopGuard: false, sendRate: { limit: 1, window: 1 } },
    { client: new AsyncClient(server) },
    { server, sessionCacheFile: null, reconnect: true, maxReconnectAttempts: Infinity },
    { server, standalone: true, signal: AbortSignal.abort() },
  ];
  for (const options of accepted) checkOptions(options);
  checkOptions({ server, token: undefined, logger: undefined });
});
