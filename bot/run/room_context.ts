/**
 * The context of what is not about a message: an event, a tick, a flow that goes on.
 * @module
 */
import type { User } from "../../client/mod.ts";
import { TaggedLogger } from "../context/bot_logger.ts";
import type { RoomContext } from "../context/context.ts";
import { quoted } from "../text/quoted_text.ts";
import type { BotRuntime } from "./bot_runtime.ts";

/** Makes a context; the lines of its log begin with `tag()`. */
export function roomContext(runtime: BotRuntime, user: User, tag: () => string): RoomContext {
  const { client, logger, clock, signal, reply } = runtime;
  const log = new TaggedLogger(logger, { tag });
  return { user, device: user.display_name, client, log, clock, signal, reply };
}

/** What a line of the log is about, and which device caused it. */
export function topicFrom(topic: string, { display_name }: User): string {
  const device = display_name === null ? "a device without a name" : quoted(display_name);
  return `${topic} from ${device}`;
}
