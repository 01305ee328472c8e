import type { MessageContext } from "@roomz/roomz/bot";
import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { type AnyMiddleware, onion } from "../../../bot/middleware/middleware.ts";

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
    flow: undefined,
    ask: missing,
    client,
    log,
    clock: { now: () => 0, monotonic: () => 0, schedule: () => () => {} },
    signal: new AbortController().signal,
    reply: () => Promise.resolve(),
  };
}

/** What a layer of the onion does. */
const layers = [
  ...["passes", "passes by promise", "stops", "catches"] as const,
  ...["fails at once", "fails first", "fails after"] as const,
];
type Layer = typeof layers[number];

function layer(what: Layer, name: number, trace: string[]): AnyMiddleware {
  const error = new Error(`${name} ${what}`);
  if (what === "fails at once") {
    return () => {
      trace.push(`into ${name}`, `out of ${name}`);
      throw error;
    };
  }
  if (what === "passes by promise") {
    return (_, next) => {
      trace.push(`into ${name}`);
      return next().finally(() => trace.push(`out of ${name}`));
    };
  }
  return async (_, next) => {
    trace.push(`into ${name}`);
    try {
      if (what === "fails first") throw error;
      if (what !== "stops") await next();
      if (what === "fails after") throw error;
    } catch (error) {
      if (what !== "catches") throw error;
    } finally {
      trace.push(`out of ${name}`);
    }
  };
}

Deno.test("every layer that is entered is left, in reverse order, whatever throws", async () => {
  const onions = fc.record({
    whats: fc.array(fc.constantFrom(...layers), { maxLength: 12 }),
    coreFails: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(onions, async ({ whats, coreFails }) => {
      const trace: string[] = [];
      const run = onion(whats.map((what, index) => layer(what, index, trace)));
      const outcome = await run(context(), async () => {
        await Promise.resolve();
        trace.push("core");
        if (coreFails) throw new Error("core");
      })?.then(() => "done", (error) => error.message);

      const innermost = whats.findIndex((what) => /^stops|^fails (at once|first)/.test(what));
      const entered = whats.map((_, index) => index).slice(
        0,
        innermost === -1 ? undefined : innermost + 1,
      );
      assertEquals(trace, [
        ...entered.map((index) => `into ${index}`),
        ...(innermost === -1 ? ["core"] : []),
        ...entered.toReversed().map((index) => `out of ${index}`),
      ]);
      // An error propagates outwards until a layer catches it.
      let expected = innermost === -1 && coreFails ? "core" : "done";
      for (const index of entered.toReversed()) {
        const what = whats[index];
        if (what === "catches") expected = "done";
        else if (what?.startsWith("fails") && expected === "done") expected = `${index} ${what}`;
      }
      assertEquals(outcome, expected);
    }),
    { seed: 5, numRuns: 10_000 },
  );
});

Deno.test("calling next() twice is an error that names the middleware", async () => {
  let runs = 0;
  async function twice(_: never, next: Parameters<AnyMiddleware>[1]): Promise<void> {
    await next();
    await next();
  }
  const core = () => Promise.resolve(void runs++);
  await assertRejects(
    async () => await onion([layer("passes", 0, []), twice])(context(), core),
    Error,
    'Middleware "twice" called next() twice',
  );
  await assertRejects(
    async () => await onion([async (_, next) => [await next(), await next()]])(context(), core),
    Error,
    "Middleware number 1 called next() twice",
  );
  assertEquals(runs, 2, "once for each message");
});

Deno.test("state passed to next is in the context of everything inside", async () => {
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

Deno.test("middleware cannot replace the built-in parts of the context", async () => {
  for (const name of ["reply", "message", "args", "session", "ask"]) {
    await assertRejects(
      async () =>
        await onion([(_, next) => next({ [name]: 1 })])(context(), () => Promise.resolve()),
      TypeError,
      `Middleware cannot replace ctx.${name}`,
    );
  }
});

Deno.test("an error can be caught by any enclosing layer", async () => {
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
  await assertRejects(async () => await onion([thrower])(context(), core), Error, "at once");
  assertEquals(trace, ["Error: at once", "Error: late"]);
});
