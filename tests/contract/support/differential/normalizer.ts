/**
 * Removes from observations what varies between runs: identifiers, times, signatures.
 * @module
 */
import type { RawResponse } from "./raw_http.ts";

const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b/g;
const TIME = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?\+00:00/g;
const ENGINE_ID = /(?<="sid\\?":\\?")[\w-]{20}(?=\\?")/g;
const HTTP_DATE = /\b[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} (?!1970)\d{4} \d\d:\d\d:\d\d GMT/g;

/** Headers about framing and server software, which no Roomz client uses. */
const FRAMING = new Set([
  ...["connection", "content-length", "date", "keep-alive", "server", "transfer-encoding"],
]);

/** Replaces unique values with names, numbered in order of appearance. */
export class Normalizer {
  readonly #names = new Map<string, string>();

  /** Normalizes a packet. */
  packet(text: string): string {
    return text
      .replace(ENGINE_ID, "SID")
      .replace(UUID, (uuid) => this.#name("uuid", uuid))
      .replace(TIME, (time) => this.#name("time", time));
  }

  /** Normalizes a response, on one line. */
  response({ status, headers, body }: RawResponse): string {
    const shown = headers
      .filter(([name]) => !FRAMING.has(name))
      .map(([name, value]) => `${name}=${this.#header(name, value)}`)
      .toSorted();
    return `${status} [${shown.join(" | ")}] ${JSON.stringify(this.packet(body))}`;
  }

  #header(name: string, value: string): string {
    // The service writes a set, whose order differs between starts.
    if (name === "allow") return value.split(", ").toSorted().join(", ");
    const token = /(?<=^session_token=)[\w-]+\.[\w-]+\.[\w-]+/.exec(value)?.[0];
    const attributes = value.split("; ").slice(1).toSorted().join("; ").replace(HTTP_DATE, "DATE");
    if (token !== undefined) return `${describeSession(token)}; ${attributes}`;
    return value.startsWith("session_token=") ? `cleared; ${attributes}` : value;
  }

  #name(kind: string, value: string): string {
    const known = this.#names.get(value);
    if (known !== undefined) return known;
    const name = `${kind}#${this.#names.size}`;
    this.#names.set(value, name);
    return name;
  }
}

/** The claims of a session, without random ones. */
function describeSession(token: string): string {
  const [header = "", payload = ""] = token.split(".").map((part) => {
    const bytes = Uint8Array.fromBase64(part, { alphabet: "base64url" });
    return new TextDecoder().decode(bytes);
  });
  const { iat, exp, channel_token, ...claims } = JSON.parse(payload);
  const lifetime = `${exp - iat} s, ${String(channel_token).length} characters`;
  return `session ${JSON.stringify([JSON.parse(header), claims, lifetime])}`;
}
