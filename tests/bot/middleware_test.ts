import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import type { MessageContext } from "@roomz/roomz/bot";
import { type AnyMiddleware, onion } from "../../bot/middleware.ts";

const MESSAGE = {
  id: "1",
  user: { id: "user:me@example.com", email: "me@example.com", display_name: "laptop" },
  content: "",
  timestamp: "2026-11-22T00:00:00Z",
  own: false,
  maybeTruncated: false,
  raw: {},
};

function context(): MessageContext {
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const missing = () => Promise.reject(new Error("not there"));
  const client = {
    connected: false,
    connectionState: "disconnected",
    user: null,
    displayName: null,
    connect: missing,
    disconnect: missing,
    send: missing,
    setDisplayName: missing,
    on() {},
    off() {},
  } as const;
  return {
    message: MESSAGE,
    user: MESSAGE.user,
    device: "laptop",
    command: undefined,
    ask: missing,
    client,
    log,
    clock: { now: () => 0, time: () => 0, schedule: () => () => {} },
    signal: new AbortController().signal,
    reply: () => Promise.resolve(),
  };
}

/** Middleware that tells when it is entered and left. */
function traced(trace: string[], name: string, passes: boolean): AnyMiddleware {
  return async (_, next) => {
    trace.push(`into ${name}`);
    if (passes) await next();
    trace.push(`out of ${name}`);
  };
}

Deno.test("every skin that is entered is left, in the opposite order", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 12 }), async (passes) => {
      const trace: string[] = [];
      const run = onion(passes.map((pass, index) => traced(trace, String(index), pass)));
      await run(context(), async () => {
        await Promise.resolve();
        trace.push("core");
      });
      const stop = passes.indexOf(false);
      const entered = passes.map((_, index) => index).slice(0, stop === -1 ? undefined : stop + 1);
      assertEquals(trace, [
        ...entered.map((index) => `into ${index}`),
        ...(stop === -1 ? ["core"] : []),
        ...entered.toReversed().map((index) => `out of ${index}`),
      ]);
    }),
    { seed: 5, numRuns: 10_000 },
  );
});

Deno.test("next() that is called twice is an error that names the middleware", async () => {
  let runs = 0;
  async function twice(_: never, next: Parameters<AnyMiddleware>[1]): Promise<void> {
    await next();
    await next();
  }
  const core = () => Promise.resolve(void runs++);
  await assertRejects(
    () => onion([traced([], "0", true), twice])(context(), core),
    Error,
    'The middleware "twice" called next() twice',
  );
  await assertRejects(
    () => onion([async (_, next) => [await next(), await next()]])(context(), core),
    Error,
    "The middleware number 1 called next() twice",
  );
  assertEquals(runs, 2, "once for each message");
});

Deno.test("state that is passed to next is in the context from there on", async () => {
  const ctx = context();
  const seen: string[] = [];
  const see: AnyMiddleware = (_, next) => {
    seen.push(Object.keys(ctx).filter((key) => /^(a|b)$/.test(key)).join());
    return next();
  };
  const run = onion([see, (_, next) => next({ a: 1 }), see, (_, next) => next({ b: 2 }), see]);
  await run(ctx, () => Promise.resolve());
  assertEquals(seen, ["", "a", "a,b"]);
});

Deno.test("middleware cannot replace what every context has", async () => {
  for (const name of ["reply", "message", "args", "session", "ask"]) {
    await assertRejects(
      () => onion([(_, next) => next({ [name]: 1 })])(context(), () => Promise.resolve()),
      TypeError,
      `Middleware cannot replace ctx.${name}`,
    );
  }
});

Deno.test("what is thrown inside can be caught by any skin around it", async () => {
  const trace: string[] = [];
  const boundary: AnyMiddleware = async (_, next) => {
    try {
      await next();
    } catch (error) {
      trace.push(String(error));
    }
  };
  const thrower: AnyMiddleware = () => {
    throw new Error("at once");
  };
  const core = () => Promise.resolve();
  await onion([boundary, thrower])(context(), core);
  await onion([boundary, (_, next) => next()])(context(), () => Promise.reject(new Error("late")));
  await assertRejects(() => onion([thrower])(context(), core), Error, "at once");
  assertEquals(trace, ["Error: at once", "Error: late"]);
});
