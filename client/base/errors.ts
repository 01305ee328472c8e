/**
 * The errors that the client throws. Their names and hierarchy are those of the Python client.
 * @module
 */

/**
 * The base class of every error that this package's client throws. `message` is complete: what
 * happened, why, and what to do next. `cause` is the underlying error, if there is one.
 */
export class ClientError extends Error {
  /** The class name: set here because bundlers rename classes. */
  override name = "ClientError";
  /**
   * The next step for a program that uses the client, such as "Call connect() first."; undefined if
   * there is none. It is the end of `message`: a user interface shows {@linkcode ClientError.facts}
   * and a next step of its own.
   */
  readonly advice: string | undefined;

  /** `facts` says what happened and why; `message` is the facts followed by `advice`. */
  constructor(
    facts: string,
    options: ErrorOptions & { readonly advice?: string | undefined } = {},
  ) {
    const { advice } = options;
    super(advice === undefined ? facts : `${facts} ${advice}`, options);
    this.advice = advice;
  }

  /** What happened and why: `message` without `advice`. */
  get facts(): string {
    return this.advice === undefined
      ? this.message
      : this.message.slice(0, -this.advice.length - 1);
  }
}

/** The message of anything that may be thrown. */
export function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? `${error.message}` : String(error);
  } catch {
    return "an unprintable value was thrown"; // Such as Object.create(null).
  }
}

/**
 * The server could not be reached, did not answer in time, is full, is not a Roomz server, or the
 * client is not connected. Trying again later may help.
 */
export class ConnectionError extends ClientError {
  /** The class name. */
  override name = "ConnectionError";
  /** The HTTP status with which the server refused; undefined without an HTTP answer. */
  readonly status: number | undefined;
  /** How long the server asked to wait before the next request, milliseconds (`Retry-After`). */
  readonly retryAfter: number | undefined;

  /** `status` and `retryAfter` are those of the server's HTTP answer. */
  constructor(
    facts: string,
    options: ErrorOptions & {
      readonly advice?: string | undefined;
      readonly status?: number | undefined;
      readonly retryAfter?: number | undefined;
    } = {},
  ) {
    super(facts, options);
    this.status = options.status;
    this.retryAfter = options.retryAfter;
  }
}

/** The server refused the token or the session. Retrying with the same one does not help. */
export class AuthenticationError extends ClientError {
  /** The class name. */
  override name = "AuthenticationError";
}

/** An option, a URL or the environment is wrong: the message says which, and what to change. */
export class ConfigurationError extends ClientError {
  /** The class name. */
  override name = "ConfigurationError";
}
