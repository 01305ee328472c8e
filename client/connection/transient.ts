/**
 * Tells failures that may pass, such as a server that is not up yet, from those that stay.
 * @module
 */
import { type ClientError, ConnectionError } from "../base/errors.ts";
import { outOfDescriptors } from "../base/file_descriptors.ts";

/** The runtime's reasons for what fails again: TLS handshakes, permissions, ports that Fetch blocks. */
const PERMANENT =
  /certificate|\btls\b|InvalidContentType|corrupt message|Requires net access|port \d+ are blocked/i;

/** The longest delay that a server may ask for, milliseconds: a wrong date is not waited for. */
const MAX_REQUESTED_DELAY = 3_600_000;

/** Whether connecting can succeed later, without a change on this side. */
export function isTransient(error: unknown): error is ConnectionError {
  if (!(error instanceof ConnectionError)) return false;
  const { status, facts } = error;
  if (status !== undefined) return status === 429 || status >= 500;
  const reason = facts.replaceAll(/\bhttps?:\/\/\S+/g, ""); // A host may be called tls.example.
  return !PERMANENT.test(reason) && outOfDescriptors(facts) === undefined;
}

/** How long the server asks to wait before the next attempt, milliseconds, an hour at most. */
export function requestedDelay(failure: ClientError): number {
  const retryAfter = failure instanceof ConnectionError ? failure.retryAfter ?? 0 : 0;
  return Math.min(retryAfter, MAX_REQUESTED_DELAY);
}
