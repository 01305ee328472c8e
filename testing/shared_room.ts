/**
 * What the bots and devices in a room share.
 * @module
 */
import { type BotStorage, MemoryStorage } from "../bot/mod.ts";
import { Channel } from "./channel.ts";
import type { TestDevice } from "./test_device.ts";
import { readDate, type TestOptions } from "./test_options.ts";
import { Transcript } from "./transcript.ts";
import { VirtualClock } from "./virtual_clock.ts";

const START = "2026-01-01T00:00:00Z";

/** A room, without its bots. */
export interface SharedRoom {
  /** One per account. */
  readonly channels: readonly Channel[];
  readonly clock: VirtualClock;
  readonly transcript: Transcript;
  /** For bots without a storage of their own. */
  readonly storage: BotStorage;
  /** How long `TestDevice.hears` waits, milliseconds of real time. */
  readonly patience: number;
  /** By channel and display name. */
  readonly devices: Map<Channel, Map<string | null, TestDevice>>;
  /** The names of the bots, in the order in which they were added. */
  readonly bots: Set<string>;
}

/** An empty room. */
export function newSharedRoom(options: TestOptions): SharedRoom {
  const { accounts = ["me@example.com"], startTime = START, patience = 5_000 } = options;
  const clock = new VirtualClock(readDate(startTime));
  const transcript = new Transcript(clock);
  const isOnlyAccount = accounts.length === 1;
  return {
    channels: accounts.map((email) => new Channel(email, clock, transcript, isOnlyAccount)),
    clock,
    transcript,
    storage: options.storage ?? new MemoryStorage(),
    patience,
    devices: new Map(),
    bots: new Set(),
  };
}
