/**
 * The one error of the development server.
 * @module
 */

/** The server cannot start as asked: an option is wrong or the address cannot be used. */
export class DevServerError extends Error {
  /** The class name, so that logs tell the errors apart after bundling. */
  override name = "DevServerError";
}
