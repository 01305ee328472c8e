/**
 * What the bots and devices of a room have in common.
 * @module
 */
import { type BotStorage, MemoryStorage } from "../bot/mod.ts";
import { Channel } from "./channel.ts";
import type { TestDevice } from "./test_device.ts";
import { readDate, type TestOptions } from "./test_options.ts";
import { Transcript } from "./transcript.ts";
import { VirtualClock } from "./virtual_clock.ts";

const START = "2026-01-01T00:00:00Z";

/** A room without the bots in it. */
export interface SharedRoom {
  /** One for every account. */
  readonly channels: readonly Channel[];
  /** The time that all live by. */
  readonly clock: VirtualClock;
  /** What happened so far. */
  readonly transcript: Transcript;
  /** For bots that bring none. */
  readonly storage: BotStorage;
  /** How long a device waits to hear something, milliseconds of the real time. */
  readonly patience: number;
  /** By channel and display name. */
  readonly devices: Map<Channel, Map<string | null, TestDevice>>;
}

/** An empty room. */
export function newSharedRoom(options: TestOptions): SharedRoom {
  const { accounts = ["me@example.com"], startTime = START, patience = 5_000 } = options;
  const clock = new VirtualClock(readDate(startTime));
  const transcript = new Transcript(clock);
  const single = accounts.length === 1;
  return {
    channels: accounts.map((email) => new Channel(email, clock, transcript, single)),
    clock,
    transcript,
    storage: options.storage ?? new MemoryStorage(),
    patience,
    devices: new Map(),
  };
}
