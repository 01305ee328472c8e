/**
 * A bot that runs without a network, for benches. Messages enter at the same point as those of a client,
 * with the default settings of `runBot`, except that the loop guard is off: it would stop a device that
 * sends messages this fast.
 * @module
 */
import { type Bot, type BotClient, MemoryStorage } from "@roomz/roomz/bot";
import type { DisplayNameResult, Message, SendResult } from "@roomz/roomz/client";
import { OtherBots } from "../../bot/command/other_bots.ts";
import { RoomNames } from "../../bot/command/room_names.ts";
import { consoleLogger } from "../../bot/context/bot_logger.ts";
import { Inbox } from "../../bot/run/inbox.ts";
import { systemPlatform } from "../../bot/run/platform.ts";
import { Questions } from "../../bot/run/questions.ts";
import { FlowQuestions } from "../../bot/flow/flow_questions.ts";
import { completeSettings } from "../../bot/run/run_options.ts";
import { Records } from "../../bot/storage/records.ts";
import { Outbox } from "../../client/connection/outbox.ts";

const TIMESTAMP = "2026-11-23T10:00:00.000000+00:00";

/** Passes messages to a bot. */
export class BenchBot {
  readonly #inbox: Inbox;
  readonly #ids = new MessageIds();

  /** Runs `bot` until the program ends. */
  constructor(bot: Bot) {
    const client = new SilentClient();
    const questions = new Questions(systemPlatform, client);
    const runtime = {
      client,
      logger: consoleLogger,
      reply: async () => void await client.send(),
      clock: systemPlatform,
      records: new Records(new MemoryStorage(), () => systemPlatform.now()),
      questions,
      flowQuestions: new FlowQuestions(() => questions.board, () => client.send()),
      otherBots: new OtherBots(systemPlatform),
      names: new RoomNames(),
      outbox: new Outbox(),
      pacer: undefined,
      tracer: undefined,
      signal: new AbortController().signal,
    };
    this.#inbox = new Inbox(bot, runtime, completeSettings({ loopGuard: false }));
  }

  /** Delivers a message from a device. */
  say(content: string, device: string): void {
    this.#inbox.takeMessage(messageOf(this.#ids.next(), content, device));
  }

  /** Resolves when all messages so far are handled. */
  idle(): Promise<void> {
    return this.#inbox.idle();
  }
}

/** Makes a message as a client would emit it. */
export function messageOf(id: string, content: string, device: string): Message {
  const user = { id: "user:me@example.com", email: "me@example.com", display_name: device };
  return { id, user, content, timestamp: TIMESTAMP, own: false, maybeTruncated: false, raw: {} };
}

/**
 * Makes new ids as strings that are not interned yet, like those that a client parses from frames. They
 * are slices of a long string: formatting a number for each would take as long as what is measured.
 */
class MessageIds {
  readonly #text = Array.from({ length: 2_000 }, () => crypto.randomUUID()).join("");
  #at = 0;

  next(): string {
    this.#at = (this.#at + 1) % (this.#text.length - 36);
    return this.#text.slice(this.#at, this.#at + 36);
  }
}

class SilentClient implements BotClient {
  readonly connected = true;
  readonly connectionState = "connected";
  readonly user = { id: "user:me@example.com", email: "me@example.com", display_name: "bench" };
  readonly displayName = "bench";

  connect(): Promise<void> {
    return Promise.resolve();
  }

  disconnect(): Promise<void> {
    return Promise.resolve();
  }

  on(): void {}

  off(): void {}

  send(): Promise<SendResult> {
    return Promise.resolve({ status: "ok", message_id: "m", timestamp: TIMESTAMP });
  }

  setDisplayName(name: string | null): Promise<DisplayNameResult> {
    return Promise.resolve({ status: "ok", display_name: name });
  }
}
