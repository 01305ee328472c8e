/**
 * The line that always tells how the connection stands.
 * @module
 */
import { visibleText } from "../terminal/terminal_text.ts";
import { fitColumns } from "../terminal/text_width.ts";
import type { Style } from "./style.ts";

/** How a chat's connection stands. */
export interface ConnectionStatus {
  /** The state of the client's connection; "loading" before there is a client. */
  readonly state:
    | "loading"
    | "logged out"
    | "connecting"
    | "connected"
    | "reconnecting"
    | "disconnected";
  /** Why, in words. */
  readonly reason?: string | undefined;
  /** Which attempt comes next, from 1. */
  readonly attempt?: number | undefined;
  /** When it is made, milliseconds since 1970. */
  readonly retryAt?: number | undefined;
}

/** What the line tells. */
export interface Status {
  /** The connection. */
  readonly connection: ConnectionStatus;
  /** The server's address. */
  readonly server: string;
  /** Who one is there: `Name (email)`. */
  readonly identity: string | undefined;
  /** The account. */
  readonly email: string | undefined;
  /** How many connections the account has, where that is known. */
  readonly connections: number | undefined;
}

const STYLES: Readonly<Record<ConnectionStatus["state"], Style>> = {
  "loading": "dim",
  "logged out": "yellow",
  "connecting": "yellow",
  "connected": "green",
  "reconnecting": "yellow",
  "disconnected": "red",
};

/** The style of the line. */
export function statusStyle({ connection }: Status): Style {
  return STYLES[connection.state];
}

/** The line, in `columns`; what counts most comes first. `now` is in milliseconds since 1970. */
export function statusLine(status: Status, columns: number, now: number): string {
  const { connection, server, identity, connections } = status;
  const parts = [
    `${connection.state === "connected" ? "●" : "○"} ` +
    connectionText({ ...connection, reason: brief(connection.reason, server) }, now),
    ...(identity === undefined ? [] : [identity]),
    server.replace(/^https?:\/\//, ""),
    ...(connections === undefined ? [] : [countOf(connections, "connection")]),
  ];
  return fitColumns(visibleText(parts.join(" · ").replaceAll("\n", " ")), columns - 1);
}

/** `1 message`, `2 messages`. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** How the connection stands, in words: state, next attempt, reason. */
export function connectionText(connection: ConnectionStatus, now: number): string {
  const { state, reason, attempt, retryAt } = connection;
  const next = attempt === undefined || retryAt === undefined
    ? ""
    : `, attempt ${attempt} ${wait(retryAt - now)}`;
  const words = state === "logged out" ? "not logged in: /login EMAIL, then /token TOKEN" : state;
  return `${words}${next}${reason === undefined ? "" : `: ${reason}`}`;
}

/**
 * A reason as short as it can be told beside the server's address: without that address, and of a
 * chain of causes only the first and the last.
 */
function brief(reason: string | undefined, server: string): string | undefined {
  if (reason === undefined) return undefined;
  const [first = "", ...causes] = reason.replace(` to ${server}`, "").split(": ");
  return [first, ...causes.slice(-1)].join(": ");
}

function wait(milliseconds: number): string {
  return milliseconds <= 0 ? "now" : `in ${Math.ceil(milliseconds / 1_000)} s`;
}
