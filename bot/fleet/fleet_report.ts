/**
 * What a host publishes of itself with every renewal of its lease.
 * @module
 */
import type { JsonObject } from "../../client/base/json.ts";

/** The figures of one host since it joined; all are counts. */
export class HostFigures {
  /** Effects that this host has claimed: messages, room events, ticks. */
  claimed = 0;
  /** Effects that another host had claimed before. */
  lost = 0;
  /** Effects whose outcome is unknown, and which were reported. */
  unknown = 0;
  /** Times in which nobody received an account's messages. */
  gaps = 0;
  reconnects = 0;
  /** Accounts that this host has taken over from hosts that died. */
  takeovers = 0;
  /** Calls to the store that failed. */
  storeErrors = 0;

  /** The figures as JSON. */
  toJson(): JsonObject {
    const { claimed, lost, unknown, gaps, reconnects, takeovers, storeErrors } = this;
    return { claimed, lost, unknown, gaps, reconnects, takeovers, storeErrors };
  }
}
