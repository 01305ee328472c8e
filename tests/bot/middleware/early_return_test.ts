/**
 * Middleware that returns before `next()` has settled, as with a forgotten `await`.
 * @module
 */
import { defineBot, type Middleware, timeout } from "@roomz/roomz/bot";
import { testBot } from "@roomz/roomz/testing";
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import {
  type AnyMiddleware,
  onion,
  takeForgottenFailure,
} from "../../../bot/middleware/middleware.ts";
import { systemPlatform } from "../../../bot/run/platform.ts";
import { VirtualClock } from "../../../testing/virtual_clock.ts";
import { logLines } from "../support/bot_log.ts";

const EARLY = (name: string) =>
  `Middleware ${name} returned before next() had settled. Write "await next()", or return what ` +
  "next() returns.";

/** How middleware may forget to wait. `sleep` is on the bot's clock. */
const forgetful: Readonly<Record<string, Middleware>> = {
  atOnce: async (_ctx, next) => {
    await Promise.resolve();
    void next();
  },
  synchronously: (_ctx, next) => {
    void next();
    return Promise.resolve();
  },
  withState: (_ctx, next) => {
    void next({ since: 1 });
    return Promise.resolve(undefined);
  },
  afterWork: async ({ clock }, next) => {
    await sleep(clock, 5);
    void next();
  },
  beforeWork: async ({ clock }, next) => {
    void next();
    await sleep(clock, 5);
  },
  inARace: async ({ clock }, next) => {
    await Promise.race([next(), sleep(clock, 5)]);
  },
  thenReplies: async ({ reply }, next) => {
    void next();
    await reply("Working…");
  },
  handsOn: (_ctx, next) => {
    next().then(() => {});
    return Promise.resolve();
  },
};

function sleep(clock: { schedule(callback: () => void, delay: number): unknown }, delay: number) {
  return new Promise<void>((resolve) => clock.schedule(resolve, delay));
}

const pass: Middleware = (_ctx, next) => next();
const wait: Middleware = async (_ctx, next) => {
  await next();
};

for (const [name, middleware] of Object.entries(forgetful)) {
  for (
    const [where, use] of [
      ["alone", [middleware]],
      ["outermost", [middleware, wait, pass]],
      ["in the middle", [wait, pass, middleware, wait]],
      ["innermost", [wait, pass, middleware]],
      ["twice", [middleware, middleware]],
      ["inside a timeout", [timeout("1m"), middleware]],
      ["around a timeout", [middleware, timeout("1m")]],
    ] as const
  ) {
    Deno.test(`${name}, ${where}: order, session and failures are as if it waited`, async () => {
      const bot = defineBot({
        name: "helper",
        use,
        session: { initial: () => ({ count: 0 }) },
        commands: {
          "count": async ({ session, clock }) => {
            const before = session.count;
            await sleep(clock, 100);
            session.count = before + 1;
            return `${session.count}`;
          },
          "fail": async ({ clock }) => {
            await sleep(clock, 100);
            throw new Error("boom");
          },
          "fail at once": () => {
            throw new Error("boom");
          },
        },
        catch: (error) => `caught ${error instanceof Error ? error.message : error}`,
      });
      await using room = await testBot(bot);
      const phone = room.device("phone");
      for (const line of ["!count", "!count", "!fail", "!count", "!fail at once"]) {
        await phone.say(line);
      }
      await room.advance(2_000);
      const said = phone.heard.filter((text) => text !== "Working…");
      assertEquals(said, ["1", "2", "caught boom", "3", "caught boom"]);
      assertEquals(room.timers, []);
      const warnings = logLines(room).filter((line) => line.startsWith("warn"));
      assertEquals(
        warnings.map((line) => line.slice(line.indexOf("Middleware"))),
        [EARLY(`"${name}"`)],
        "once a run, however often it happens",
      );
    });
  }
}

Deno.test("middleware that forgets to wait only later is kept open as well", async () => {
  const sometimes: Middleware = async (ctx, next) => {
    if (ctx.command === "count") await next();
    else void next();
  };
  for (
    const use of [[sometimes], [wait, sometimes, wait], [pass, sometimes, pass], [sometimes, wait]]
  ) {
    let count = 0;
    const bot = defineBot({
      name: "helper",
      use,
      commands: {
        "count": () => void count++,
        "fail": async ({ clock }) => {
          await sleep(clock, 100);
          throw new Error("boom");
        },
      },
      catch: () => "caught",
    });
    await using room = await testBot(bot, { loopGuard: false });
    const phone = room.device("phone");
    for (let i = 0; i < 150; i++) await phone.say("!count");
    assertEquals(count, 150);
    await phone.say("!fail");
    await phone.say("!count");
    assertEquals(count, 150, "the next message waits for the handler");
    assertEquals(await room.advance(100), ["caught"]);
    assertEquals(count, 151);
  }
});

for (const first of [pass, wait]) {
  for (const delay of [5, 500]) {
    Deno.test(`a timeout inside ${first.name} also ends the handlers of later messages, in ${delay} ms`, async () => {
      const bot = defineBot({
        name: "helper",
        use: [first, timeout(`${delay}ms`), first],
        commands: { "ping": "pong", "hang": () => new Promise(() => {}) },
      });
      await using room = await testBot(bot, { loopGuard: false });
      const phone = room.device("phone");
      for (let i = 0; i < 110; i++) await phone.say("!ping");
      for (let i = 0; i < 3; i++) {
        await phone.say("!hang");
        assertEquals((await room.advance(delay)).length, 1);
        assertEquals(await phone.say("!ping"), ["pong"]);
      }
      assertEquals(logLines(room).filter((line) => line.includes("Middleware")), []);
    });
  }
}

Deno.test("middleware that once does not pass on reports a failure that it forgets, and the next ones", async () => {
  let forgets = false;
  const bot = defineBot({
    name: "helper",
    use: [pass, (_ctx, next) => {
      const inside = next();
      return forgets ? Promise.resolve() : inside;
    }],
    commands: {
      "fail": () => {
        throw new Error("boom");
      },
    },
    catch: () => "caught",
  });
  await using room = await testBot(bot, { loopGuard: false });
  const phone = room.device("phone");
  for (let i = 0; i < 110; i++) assertEquals(await phone.say("!fail"), ["caught"]);
  const before = logLines(room).length;
  forgets = true;
  for (let i = 0; i < 3; i++) await phone.say("!fail");
  const lines = logLines(room).slice(before);
  assertEquals(lines.filter((line) => line.startsWith("error")).length, 3, lines.join("\n"));
});

Deno.test("next() that is called after the middleware has returned is reported, and so is its failure", async () => {
  const late: Middleware = async ({ clock }, next) => {
    await Promise.resolve();
    clock.schedule(() => void next(), 10);
  };
  const bot = defineBot({
    name: "helper",
    use: [late],
    commands: {
      "ping": "pong",
      "fail": () => {
        throw new Error("boom");
      },
    },
  });
  await using room = await testBot(bot);
  const phone = room.device("phone");
  assertEquals(await phone.say("!ping"), []);
  assertEquals(await room.advance(10), ["pong"]);
  await phone.say("!fail");
  assertEquals(await room.advance(10), []);
  assertEquals(logLines(room), [
    "info helper: ready for me@example.com",
    `warn helper: !ping from "phone": ${EARLY('"late"')}`,
    'error helper: !fail from "phone": failed',
  ]);
});

Deno.test("middleware of a group and of a command is kept open as well, with its number if it has no name", async () => {
  const command = defineBot({
    name: "helper",
    groups: [{
      use: [(_ctx, next) => {
        void next();
        return Promise.resolve();
      }],
      commands: {
        "slow": async ({ clock }) => {
          await sleep(clock, 100);
          throw new Error("boom");
        },
      },
      catch: () => "caught by the group",
    }],
    commands: {
      "guarded": {
        use: [wait, (_ctx, next) => {
          void next();
          return Promise.resolve();
        }],
        run: async ({ clock }) => {
          await sleep(clock, 100);
          return "guarded";
        },
      },
      "ping": "pong",
    },
  });
  await using room = await testBot(command);
  const phone = room.device("phone");
  await phone.say("!slow");
  await phone.say("!guarded");
  assertEquals(await phone.say("!ping"), []);
  assertEquals(await room.advance(100), ["caught by the group"]);
  assertEquals(await room.advance(100), ["guarded", "pong"]);
  const warnings = logLines(room).filter((line) => line.startsWith("warn"));
  assertEquals(warnings, [
    `warn helper: !slow from "phone": ${EARLY("number 1")}`,
    `warn helper: !guarded from "phone": ${EARLY("number 2")}`,
  ]);
});

Deno.test("middleware that waits, by whatever means, is not reported", async () => {
  const polite: readonly Middleware[] = [
    (_ctx, next) => next(),
    async (_ctx, next) => await next(),
    (_ctx, next) => next().finally(() => {}),
    (_ctx, next) => next().then((passed) => passed),
    async (_ctx, next) => void await Promise.all([next(), Promise.resolve()]),
    (_ctx, next) => next().catch(() => {}),
    async (_ctx, next) => {
      const inside = next();
      await Promise.allSettled([inside]);
      await inside.catch(() => {});
    },
    async ({ clock }, next) => {
      await sleep(clock, 1);
      try {
        await next();
      } catch {
        // As the handler does not matter.
      }
    },
    async () => {},
    timeout("1s"),
  ];
  for (const first of polite) {
    for (const second of polite) {
      const bot = defineBot({
        name: "helper",
        use: [first, second],
        commands: {
          "slow": ({ clock }) => sleep(clock, 100),
          "ping": "pong",
          "hang": () => new Promise(() => {}),
          "fail": () => Promise.reject(new Error("boom")),
        },
        catch: () => "caught",
      });
      await using room = await testBot(bot);
      for (const line of ["!slow", "!ping", "!fail", "!slow"]) await room.device("phone").say(line);
      await room.advance(1_000);
      await room.device("laptop").say("!hang");
      await room.advance(1_002);
      assertEquals(logLines(room).filter((line) => line.includes("Middleware")), []);
    }
  }
});

Deno.test("whatever forgets and whatever fails, a message ends last, and no rejection is lost", async () => {
  const clock = new VirtualClock(0);
  const layers: Readonly<Record<string, (name: string) => AnyMiddleware>> = {
    waits: () => async (_, next) => void await next(),
    passes: () => (_, next) => next(),
    works: () => async (_, next) => {
      await next();
      await sleep(clock, 7);
    },
    catches: () => (_, next) => next().catch(() => {}),
    forgets: () => (_, next) => {
      void next();
      return Promise.resolve();
    },
    forgetsAndWorks: () => async (_, next) => {
      void next();
      await sleep(clock, 5);
    },
    forgetsAndFails: (name) => (_, next) => {
      void next();
      throw new Error(name);
    },
    failsBefore: (name) => () => Promise.reject(new Error(name)),
    failsAfter: (name) => async (_, next) => {
      await next();
      await sleep(clock, 3);
      throw new Error(name);
    },
  };
  // What the layers did for the first messages, after which not every layer is watched.
  const warmUps: Readonly<Record<string, (index: number) => AnyMiddleware>> = {
    "nothing": () => pass,
    "passed on": () => pass,
    "waited": () => wait,
    "mixed": (index) => index % 2 === 0 ? pass : wait,
  };
  const cases = fc.record({
    names: fc.array(fc.constantFrom(...Object.keys(layers)), { minLength: 1, maxLength: 6 }),
    delay: fc.constantFrom(undefined, 1, 4, 6, 20),
    fails: fc.boolean(),
    // A failure is known by its promise and, if it is an object, by itself.
    failure: fc.constantFrom(() => new Error("core"), () => "Error: core"),
    before: fc.constantFrom<keyof typeof warmUps>("nothing", "passed on", "waited", "mixed"),
  });
  let errors: string[] = [];
  let warm = false;
  const forget = systemPlatform.onUnhandledRejection((reason, promise) => {
    if (takeForgottenFailure(promise, reason)) return true;
    // What a layer throws that is not watched any more: the program reports it.
    if (warm) errors.push(String(reason));
    return warm;
  });
  try {
    await fc.assert(
      fc.asyncProperty(cases, async ({ names, delay, fails, failure, before }) => {
        errors = [];
        warm = before !== "nothing";
        const log = {
          debug() {},
          info() {},
          warn() {},
          error: (_: string, cause: unknown) => errors.push(String(cause)),
        };
        let warmingUp = true;
        const run = onion(names.flatMap((name, i): AnyMiddleware[] => {
          const warmUp = warmUps[before]?.(i) ?? pass;
          const layer = layers[name]?.(`${i} ${name}`);
          if (layer === undefined) return [];
          return [(ctx, next) => (warmingUp ? warmUp : layer)(ctx, next)];
        }));
        for (let i = 0; warm && i < 101; i++) {
          // @ts-expect-error: no middleware uses the context
          await run({}, () => Promise.resolve());
        }
        warmingUp = false;
        let running = false;
        let endedEarly = false;
        let outcome: unknown = "pending";
        const core = async () => {
          running = true;
          if (delay !== undefined) await sleep(clock, delay);
          running = false;
          if (fails) throw failure();
        };
        // @ts-expect-error: no middleware uses the rest of the context
        run({ client: {}, log }, core).then(() => "done", String).then((result) => {
          endedEarly = running;
          outcome = result;
        });
        await clock.advance(100);
        assertNotEquals(outcome, "pending");
        assertEquals(endedEarly, false);
        // Every failure that no layer can have caught is thrown or logged.
        if (fails && !/catches|fails/.test(names.join())) {
          assert([outcome, ...errors].includes("Error: core"), `${outcome}, ${errors}`);
        }
      }),
      { seed: 11, numRuns: 2_000 },
    );
  } finally {
    forget();
  }
});

Deno.test("a failure that middleware catches is not logged, with however many messages", async () => {
  const errors: string[] = [];
  const catches: AnyMiddleware = async (_ctx, next) => {
    await next().catch(() => {});
  };
  const run = onion([catches]);
  for (let message = 0; message < 150; message++) {
    const log = { debug() {}, info() {}, warn() {}, error: (text: string) => errors.push(text) };
    // @ts-expect-error: no middleware uses the rest of the context
    await run({ client: {}, log }, () => Promise.reject(new Error("core")));
  }
  assertEquals(errors, []);
});
