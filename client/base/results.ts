/**
 * The results of `send` and `setDisplayName`. `result.status === "ok"` means success.
 * @module
 */

/** The server accepted the message. */
export interface SendOk {
  /** Always `"ok"`. */
  readonly status: "ok";
  /** The server's id of the message, the same as in its `message` event. */
  readonly message_id: string;
  /** When the server received it, ISO 8601. */
  readonly timestamp: string;
}

/** The message was not acknowledged. */
export interface SendFailed {
  /** Never present: makes `result.status === "ok"` narrow the type. */
  readonly status?: undefined;
  /** What happened, and what to do. */
  readonly error: string;
  /**
   * 400 and 401 from the server, 400 also for half of a character (a lone surrogate), 408 no
   * acknowledgement in time, 413 longer than the server keeps or accepts,
   * 499 cancelled by the caller's signal, 502 unrecognised acknowledgement, 503 connection lost.
   */
  readonly code: number;
  /**
   * Whether the message may have arrived: "rejected" by the server, "not_sent" at all, or "unknown"
   * (sent, but not acknowledged).
   */
  readonly delivery: "rejected" | "not_sent" | "unknown";
}

/** The result of `send`. */
export type SendResult = SendOk | SendFailed;

/**
 * The result of `sendText`: that of the last part, or of the first that failed. Its `delivery` is
 * that of the failed part; the `acknowledged` parts before it have arrived.
 */
export type SendTextResult = SendResult & {
  /** How many parts the server acknowledged. */
  readonly acknowledged: number;
  /** How many parts the text has; those after a failed one were not sent. */
  readonly parts: number;
};

/** The server accepted the display name. */
export interface DisplayNameOk {
  /** Always `"ok"`. */
  readonly status: "ok";
  /** The name as others see it, plain text; null if cleared. */
  readonly display_name: string | null;
}

/** The display name was not changed. */
export interface DisplayNameFailed {
  /** Never present: makes `result.status === "ok"` narrow the type. */
  readonly status?: undefined;
  /** What happened, and what to do. */
  readonly error: string;
  /**
   * 400 and 401 from the server, 400 also for what cannot be sent, 408 no acknowledgement in time,
   * 502 unrecognised acknowledgement, 503 connection lost.
   */
  readonly code: number;
}

/** The result of `setDisplayName`. */
export type DisplayNameResult = DisplayNameOk | DisplayNameFailed;
