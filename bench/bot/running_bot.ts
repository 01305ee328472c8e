/**
 * A bot that `runBot` runs, on a client without network that a bench speaks through.
 * @module
 */
import { type Bot, type BotClient, MemoryStorage, runBot } from "@roomz/roomz/bot";
import type {
  DisplayNameResult,
  EventHandler,
  EventName,
  Message,
  SendResult,
} from "@roomz/roomz/client";
import { EventEmitter } from "../../client/event_emitter.ts";

const TIMESTAMP = "2026-11-23T10:00:00.000000+00:00";

/** Hands messages to a bot. */
export class RunningBot {
  readonly #client = new SilentClient();
  #messages = 0;

  /** Runs `bot` until the program ends. */
  static async start(bot: Bot): Promise<RunningBot> {
    const running = new RunningBot();
    const options = {
      loopGuard: false,
      maxPending: 1_000_000,
      storage: new MemoryStorage(),
    } as const;
    void runBot(bot, { client: running.#client, ...options });
    await new Promise((resolve) => setTimeout(resolve, 10));
    return running;
  }

  /** A message comes from one of the devices. */
  say(content: string, device: string): void {
    this.#client.events.emit("message", messageOf(`m${++this.#messages}`, content, device));
  }
}

/** A message as a client hands it on. */
export function messageOf(id: string, content: string, device: string): Message {
  const user = { id: "user:me@example.com", email: "me@example.com", display_name: device };
  return { id, user, content, timestamp: TIMESTAMP, own: false, maybeTruncated: false, raw: {} };
}

class SilentClient implements BotClient {
  readonly connected = true;
  readonly connectionState = "connected";
  readonly user = { id: "user:me@example.com", email: "me@example.com", display_name: "bench" };
  readonly displayName = "bench";
  readonly events = new EventEmitter();

  connect(): Promise<void> {
    return Promise.resolve();
  }

  disconnect(): Promise<void> {
    return Promise.resolve();
  }

  on<K extends EventName>(event: K, handler: EventHandler<K>): void {
    this.events.on(event, handler);
  }

  off<K extends EventName>(event: K, handler?: EventHandler<K>): void {
    this.events.off(event, handler);
  }

  send(): Promise<SendResult> {
    return Promise.resolve({ status: "ok", message_id: "m", timestamp: TIMESTAMP });
  }

  setDisplayName(name: string | null): Promise<DisplayNameResult> {
    return Promise.resolve({ status: "ok", display_name: name });
  }
}
