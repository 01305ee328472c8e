/**
 * The error class of the development server.
 * @module
 */

/** An option of the server is invalid, or its address cannot be used. */
export class DevServerError extends Error {
  /** Set explicitly, because bundlers rename classes. */
  override name = "DevServerError";
}
