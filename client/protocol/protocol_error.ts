/**
 * The error that the codecs throw.
 * @module
 */

/** A frame or a packet violates Engine.IO v4 or Socket.IO v5. */
export class ProtocolError extends Error {
  /** The class name. */
  override name = "ProtocolError";
}
