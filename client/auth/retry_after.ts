/**
 * The header `Retry-After` (RFC 9110, section 10.2.3).
 * @module
 */

/** The three date formats of HTTP, all in GMT; `Date.parse` alone accepts nearly anything. */
const HTTP_DATE = /^\w{3,9},? [\w -]+ \d\d:\d\d:\d\d( \d{4}| GMT)$/;

/**
 * How long the server asks to wait, milliseconds; undefined if it does not say. A date counts from
 * the response's own `Date`, because the clock here may be wrong; `now` is used if there is none.
 */
export function parseRetryAfter(headers: Headers, now: number): number | undefined {
  const value = headers.get("Retry-After") ?? "";
  if (/^\d+(\.\d+)?$/.test(value)) return finite(Number(value) * 1_000);
  const date = parseDate(value);
  return date === undefined
    ? undefined
    : Math.max(0, date - (parseDate(headers.get("Date") ?? "") ?? now));
}

function parseDate(text: string): number | undefined {
  if (!HTTP_DATE.test(text)) return undefined;
  return finite(Date.parse(text.endsWith("GMT") ? text : `${text} GMT`));
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
