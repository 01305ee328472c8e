/**
 * The options of a development server: defaults and validation.
 * @module
 */
import process from "node:process";
import { base64url } from "jose";
import { isValidEmail, normalizeEmail } from "./auth/email_address.ts";
import type { MagicLink } from "./auth/magic_links.ts";
import { type Clock, systemClock } from "./base/clock.ts";
import { DevServerError } from "./base/errors.ts";
import { codePointCount } from "./base/python_text.ts";
import { BLOCKED_PORTS } from "./http/blocked_ports.ts";

/** Options of `createDevServer`. Only `allowedEmails` is required. */
export interface DevServerOptions {
  /**
   * The addresses that may log in, or `"*"` for everyone. Ignores case and outer whitespace. Checked
   * on every request and every new connection.
   */
  readonly allowedEmails: readonly string[] | "*";
  /**
   * The TCP port; 0 selects any free one. Ports that the Fetch standard blocks, such as 6000, are
   * refused, because no client can connect to them. Default: 8000.
   */
  readonly port?: number;
  /** The address or host name to listen on. Default: `"127.0.0.1"`, this machine only. */
  readonly hostname?: string;
  /**
   * The secret that signs sessions, at least 32 characters. Set it to keep sessions valid across
   * restarts. Default: random.
   */
  readonly jwtSecret?: string;
  /**
   * Receives each magic link instead of an email. If it throws or rejects, the request fails with
   * 500, "Email Delivery Failed". Default: writes the link to `log`.
   */
  readonly onMagicLink?: (link: MagicLink) => void | Promise<void>;
  /** Receives log messages. Default: writes a line to stderr. */
  readonly log?: (text: string) => void;
  /** The maximum number of connections, across all accounts. Default: 1,000. */
  readonly maxConnections?: number;
  /** Milliseconds between heartbeats. Default: 25,000. */
  readonly pingInterval?: number;
  /** How long a client has to answer a heartbeat, milliseconds. Default: 20,000. */
  readonly pingTimeout?: number;
  /**
   * The maximum length of a frame in characters, as the service counts. A longer one ends the
   * connection. Default: 1,000,000.
   */
  readonly maxPayload?: number;
  /** Returns the time in milliseconds since 1970, for tests of expiry. Default: the system clock. */
  readonly clock?: () => number;
}

/** The validated options, with all defaults filled in. */
export interface Settings {
  readonly allowedEmails: readonly string[] | "*";
  readonly port: number;
  readonly hostname: string;
  readonly jwtSecret: string;
  readonly onMagicLink: (link: MagicLink) => void | Promise<void>;
  readonly log: (text: string) => void;
  readonly maxConnections: number;
  readonly pingInterval: number;
  readonly pingTimeout: number;
  readonly maxPayload: number;
  readonly clock: Clock;
}

const MIN_SECRET_LENGTH = 32;
// A timer with a longer delay overflows and fires at once.
const MAX_DELAY = 2 ** 31 - 1;

/** Fills in the defaults. @throws {DevServerError} If a value is invalid. */
export function resolveOptions(options: DevServerOptions): Settings {
  const { log = writeToStderr } = options;
  return {
    allowedEmails: checkAllowedEmails(options.allowedEmails),
    port: checkPort(options.port ?? 8000),
    hostname: checkHostname(options.hostname ?? "127.0.0.1"),
    jwtSecret: checkSecret(options.jwtSecret ?? randomSecret()),
    onMagicLink: options.onMagicLink ?? ((link) => log(describeMagicLink(link))),
    log,
    maxConnections: checkNumber("maxConnections", options.maxConnections ?? 1000, 0, 1_000_000),
    pingInterval: checkNumber("pingInterval", options.pingInterval ?? 25_000, 1, MAX_DELAY),
    pingTimeout: checkNumber("pingTimeout", options.pingTimeout ?? 20_000, 1, MAX_DELAY),
    maxPayload: checkNumber("maxPayload", options.maxPayload ?? 1_000_000, 1, 1_000_000_000),
    clock: options.clock ?? systemClock,
  };
}

/** @throws {DevServerError} If the list contains an invalid address. */
export function checkAllowedEmails(emails: readonly string[] | "*"): readonly string[] | "*" {
  if (emails === "*") return emails;
  if (!Array.isArray(emails)) {
    throw new DevServerError(
      'allowedEmails must be a list of email addresses, or "*" for everyone.',
    );
  }
  const invalid = emails.find((email) => !isValidEmail(normalizeEmail(email)));
  if (invalid !== undefined) {
    throw new DevServerError(
      `allowedEmails contains ${JSON.stringify(invalid)}, which is not an email address. ` +
        'Use addresses like "ada@example.com", or "*" instead of the list for everyone.',
    );
  }
  return emails;
}

function checkNumber(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new DevServerError(
    `${name} must be a whole number from ${min} to ${max}, not ${value}.`,
  );
}

function checkPort(port: number): number {
  checkNumber("port", port, 0, 65_535);
  if (!BLOCKED_PORTS.has(port)) return port;
  throw new DevServerError(
    `Port ${port} is blocked by the Fetch standard: clients and browsers refuse to connect to it. ` +
      "Choose another port, such as 8000; 0 selects any free one.",
  );
}

function checkHostname(hostname: string): string {
  if (hostname !== "") return hostname;
  throw new DevServerError(
    'hostname is empty. Set it to the address to listen on: "127.0.0.1" for this machine only, ' +
      '"0.0.0.0" for the whole network.',
  );
}

function checkSecret(secret: string): string {
  const length = codePointCount(secret);
  if (length >= MIN_SECRET_LENGTH) return secret;
  throw new DevServerError(
    `jwtSecret has ${length} characters, but needs at least ${MIN_SECRET_LENGTH}. ` +
      "Use a longer one, or omit it for a random one.",
  );
}

function randomSecret(): string {
  return base64url.encode(crypto.getRandomValues(new Uint8Array(32)));
}

function writeToStderr(text: string): void {
  process.stderr.write(text + "\n");
}

/** The same text that the real server prints when it has no email provider. */
function describeMagicLink({ email, token, url }: MagicLink): string {
  const rule = "=".repeat(60);
  return `\n${rule}\nMAGIC LINK for ${email}\n\nURL: ${url}\n\nCLI: /token ${token}\n${rule}\n`;
}
