/**
 * What a development server can be told, and the checks of it.
 * @module
 */
import { base64url } from "jose";
import { BLOCKED_PORTS } from "./blocked_ports.ts";
import { type Clock, systemClock } from "./clock.ts";
import { isValidEmail, normalizeEmail } from "./email_address.ts";
import { DevServerError } from "./errors.ts";
import { codePointCount } from "./python_text.ts";

/** A magic link, as it would be sent by email. */
export interface MagicLink {
  /** The address that asked for it, in lower case. */
  readonly email: string;
  /** The token: good once, for 15 minutes. It is a secret until it is used. */
  readonly token: string;
  /** The link itself, `http://127.0.0.1:8000/auth/verify?token=…`: the server's own address. */
  readonly url: string;
}

/** Options of `createDevServer`. Only `allowedEmails` has no default. */
export interface DevServerOptions {
  /**
   * Who may log in; `"*"` lets everyone in. Case and outer whitespace do not count. It is asked on
   * every request and every new connection.
   */
  readonly allowedEmails: readonly string[] | "*";
  /**
   * The TCP port; 0 takes any free one. One that the Fetch standard blocks, such as 6000, is
   * refused, because no client could log in there. Default: 8000.
   */
  readonly port?: number;
  /** The address or host name to listen on. Default: `"127.0.0.1"`, this machine only. */
  readonly hostname?: string;
  /**
   * The secret that signs sessions, at least 32 characters. Give one to keep sessions valid over a
   * restart. Default: a random one.
   */
  readonly jwtSecret?: string;
  /**
   * Takes each magic link in place of an email. Where it throws or rejects, the request is
   * answered with 500, "Email Delivery Failed". Default: the link is written to `log`.
   */
  readonly onMagicLink?: (link: MagicLink) => void | Promise<void>;
  /** Takes what the server has to say to its operator. Default: a line on stderr. */
  readonly log?: (text: string) => void;
  /** How many connections are accepted, of all accounts together. Default: 1,000. */
  readonly maxConnections?: number;
  /** Milliseconds between two heartbeats. Default: 25,000. */
  readonly pingInterval?: number;
  /** Milliseconds that a client has to answer a heartbeat. Default: 20,000. */
  readonly pingTimeout?: number;
  /**
   * The longest frame that is accepted, in characters, as the service counts; a longer one ends
   * the connection. Default: 1,000,000.
   */
  readonly maxPayload?: number;
  /** The time, in milliseconds since 1970, for tests of what expires. Default: the machine's clock. */
  readonly clock?: () => number;
}

/** The options with every default filled in and checked. */
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
// Longer delays overflow a timer, which then fires at once.
const MAX_DELAY = 2 ** 31 - 1;

/** Fills in the defaults; throws `DevServerError` for a value that cannot work. */
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

/** Throws `DevServerError` for an address that could never log in. */
export function checkAllowedEmails(emails: readonly string[] | "*"): readonly string[] | "*" {
  if (emails === "*") return emails;
  if (!Array.isArray(emails)) {
    throw new DevServerError(
      'allowedEmails must be a list of email addresses, or "*" for everyone.',
    );
  }
  const wrong = emails.find((email) => !isValidEmail(normalizeEmail(email)));
  if (wrong !== undefined) {
    throw new DevServerError(
      `allowedEmails has ${JSON.stringify(wrong)}, which is not an email address. ` +
        'Write addresses like "ada@example.com", or "*" in place of the list for everyone.',
    );
  }
  return emails;
}

function checkNumber(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new DevServerError(
    `${name} is ${value}, which is not possible. Give a whole number from ${least} to ${most}.`,
  );
}

function checkPort(port: number): number {
  checkNumber("port", port, 0, 65_535);
  if (!BLOCKED_PORTS.has(port)) return port;
  throw new DevServerError(
    `Port ${port} is blocked by the Fetch standard: clients and browsers refuse to connect to it. ` +
      "Choose another one, such as 8000; 0 takes any free one.",
  );
}

function checkHostname(hostname: string): string {
  if (hostname !== "") return hostname;
  throw new DevServerError(
    'hostname is empty. Give an address to listen on: "127.0.0.1" for this machine only, ' +
      '"0.0.0.0" for the whole network.',
  );
}

function checkSecret(secret: string): string {
  const length = codePointCount(secret);
  if (length >= MIN_SECRET_LENGTH) return secret;
  throw new DevServerError(
    `jwtSecret has ${length} characters, but must have at least ${MIN_SECRET_LENGTH}. ` +
      "Give a longer one, or leave it out for a random one.",
  );
}

function randomSecret(): string {
  return base64url.encode(crypto.getRandomValues(new Uint8Array(32)));
}

function writeToStderr(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(text + "\n"));
}

/** The text in which the real server's console sender shows a link. */
function describeMagicLink({ email, token, url }: MagicLink): string {
  const rule = "=".repeat(60);
  return `\n${rule}\nMAGIC LINK for ${email}\n\nURL: ${url}\n\nCLI: /token ${token}\n${rule}\n`;
}
