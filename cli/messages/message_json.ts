/**
 * A chat message as programs read it.
 * @module
 */
import type { Message } from "../../client/mod.ts";

/** The fields of a message under their names on the wire. */
export function forPrograms({ id, timestamp, user, content, maybeTruncated }: Message): unknown {
  return { id, timestamp, user, content, maybe_truncated: maybeTruncated };
}
