/**
 * What `send` and `setDisplayName` resolve to. `result.status === "ok"` tells success from failure.
 * @module
 */

/** The server took the message. */
export interface SendOk {
  /** Always `"ok"`. */
  readonly status: "ok";
  /** The server's id of the message, the same as in its `message` event. */
  readonly message_id: string;
  /** When the server took it, ISO 8601. */
  readonly timestamp: string;
}

/** The message was not acknowledged. */
export interface SendFailed {
  /** Never present: it makes `result.status === "ok"` narrow. */
  readonly status?: undefined;
  /** What happened, and what to do. */
  readonly error: string;
  /**
   * 400 and 401 from the server, 408 no acknowledgement in time, 413 longer than the server keeps,
   * 499 cancelled by the caller's signal, 502 an answer of no known form, 503 connection lost.
   */
  readonly code: number;
  /**
   * Whether the message may be in the channel: "rejected" by the server, "not_sent" at all, or
   * "unknown" (written, but no acknowledgement came).
   */
  readonly delivery: "rejected" | "not_sent" | "unknown";
}

/** The outcome of `send`. */
export type SendResult = SendOk | SendFailed;

/** The server took the display name. */
export interface DisplayNameOk {
  /** Always `"ok"`. */
  readonly status: "ok";
  /** The name as others see it, plain text; null when cleared. */
  readonly display_name: string | null;
}

/** The display name was not taken. */
export interface DisplayNameFailed {
  /** Never present: it makes `result.status === "ok"` narrow. */
  readonly status?: undefined;
  /** What happened, and what to do. */
  readonly error: string;
  /**
   * 400 and 401 from the server, 408 no answer in time, 502 an answer of no known form, 503
   * connection lost.
   */
  readonly code: number;
}

/** The outcome of `setDisplayName`. */
export type DisplayNameResult = DisplayNameOk | DisplayNameFailed;
