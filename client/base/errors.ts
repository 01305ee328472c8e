/**
 * The errors that the client throws. The names and the tree are those of the Python client.
 * @module
 */

/** The base of every error that this package's client throws; `cause` keeps what led to it. */
export class ClientError extends Error {
  /** The class name, so that logs tell the errors apart after bundling. */
  override name = "ClientError";
}

/** What went wrong, in words, of anything that may be thrown. */
export function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? `${error.message}` : String(error);
  } catch {
    return "something that cannot be put in words was thrown"; // Such as Object.create(null).
  }
}

/**
 * The server could not be reached, did not answer in time, is full, is not a Roomz server, or the
 * connection is not up. Trying again later may help.
 */
export class ConnectionError extends ClientError {
  /** The class name. */
  override name = "ConnectionError";
  /** The HTTP status with which the server refused, where it answered at all. */
  readonly status: number | undefined;

  /** `status` is the HTTP status of the server's answer. */
  constructor(message: string, options: ErrorOptions & { readonly status?: number } = {}) {
    super(message, options);
    this.status = options.status;
  }
}

/** The server refused the token or the session. Trying again with the same one does not help. */
export class AuthenticationError extends ClientError {
  /** The class name. */
  override name = "AuthenticationError";
}

/** An option, a URL or the environment is wrong: the message says which, and what to change. */
export class ConfigurationError extends ClientError {
  /** The class name. */
  override name = "ConfigurationError";
}
