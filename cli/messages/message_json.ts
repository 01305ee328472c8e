/**
 * A message as JSON output.
 * @module
 */
import type { Message } from "../../client/mod.ts";

/** The fields of a message, named as on the wire. */
export function forPrograms({ id, timestamp, user, content, maybeTruncated }: Message): unknown {
  return { id, timestamp, user, content, maybe_truncated: maybeTruncated };
}
