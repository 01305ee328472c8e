/**
 * The one error that the codecs throw.
 * @module
 */

/** A frame or a packet is not what Engine.IO v4 or Socket.IO v5 allows. */
export class ProtocolError extends Error {
  /** The class name. */
  override name = "ProtocolError";
}
