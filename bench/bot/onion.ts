/**
 * Ten middleware functions around a handler, next to koa-compose.
 * @module
 */
import { defineBot, type MessageContext } from "@roomz/roomz/bot";
import koaCompose from "npm:koa-compose@4.2.0";
import { onion } from "../../bot/middleware/middleware.ts";
import { BenchBot } from "./bench_bot.ts";
import type { Contest } from "./contest.ts";

const DEPTH = 10;

type Middleware = (ctx: MessageContext, next: () => Promise<unknown>) => Promise<unknown>;

/** The middleware is the same in both. */
export async function onions(): Promise<readonly Contest[]> {
  const ctx = await someContext();
  const asynchronous: Middleware = async (_ctx, next) => {
    await next();
  };
  const passing: Middleware = (_ctx, next) => next();
  return [
    contest("middleware that passes on, 10 deep", passing, ctx, 1.2),
    contest("async middleware, 10 deep", asynchronous, ctx, 1),
  ];
}

function contest(
  title: string,
  middleware: Middleware,
  ctx: MessageContext,
  wanted: number,
): Contest {
  const all = Array.from({ length: DEPTH }, () => middleware);
  const ours = onion(all);
  // koa-compose has no types.
  const theirs: (ctx: MessageContext, last: () => Promise<unknown>) => Promise<unknown> =
    koaCompose(
      all,
    );
  const last = () => Promise.resolve(undefined);
  return {
    title,
    contenders: [
      {
        name: "roomz",
        async run(times) {
          for (let i = 0; i < times; i++) await ours(ctx, last);
        },
      },
      {
        name: "koa-compose",
        async run(times) {
          for (let i = 0; i < times; i++) await theirs(ctx, last);
        },
      },
    ],
    wanted: { "koa-compose": wanted },
  };
}

/** Makes the context of a message, as handlers get it. */
async function someContext(): Promise<MessageContext> {
  const { promise, resolve } = Promise.withResolvers<MessageContext>();
  const running = new BenchBot(
    defineBot({ name: "bench", hears: [[/./, (ctx) => resolve(ctx)]] }),
  );
  running.say("hello", "laptop");
  return await promise;
}
