/**
 * The line that always shows the state of the connection.
 * @module
 */
import { visibleText } from "../terminal/terminal_text.ts";
import { fitColumns } from "../terminal/text_width.ts";
import type { Style } from "./style.ts";

/** The state of the chat's connection. */
export interface ConnectionStatus {
  /** The client's connection state; "loading" while the client is not loaded yet. */
  readonly state:
    | "loading"
    | "logged out"
    | "connecting"
    | "connected"
    | "reconnecting"
    | "disconnected";
  /** The reason, for people. */
  readonly reason?: string | undefined;
  /** The number of the next attempt, from 1. */
  readonly attempt?: number | undefined;
  /** When the next attempt starts, milliseconds since 1970. */
  readonly retryAt?: number | undefined;
}

/** What the line shows. */
export interface Status {
  readonly connection: ConnectionStatus;
  /** The server's URL. */
  readonly server: string;
  /** The user as others see them: `Name (email)`. */
  readonly identity: string | undefined;
  readonly email: string | undefined;
  /** The number of connections of the account, if known. */
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

export function statusStyle({ connection }: Status): Style {
  return STYLES[connection.state];
}

/** The line, cut to `columns`, most important first. `now` is in milliseconds since 1970. */
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

/** The connection for people: state, next attempt, reason. */
export function connectionText(connection: ConnectionStatus, now: number): string {
  const { state, reason, attempt, retryAt } = connection;
  const next = attempt === undefined || retryAt === undefined
    ? ""
    : `, attempt ${attempt} ${wait(retryAt - now)}`;
  const words = state === "logged out" ? "not logged in: /login EMAIL, then /token TOKEN" : state;
  return `${words}${next}${reason === undefined ? "" : `: ${reason}`}`;
}

/**
 * The reason shortened for one line: without the server's URL, which the line shows anyway, and with
 * only the first and last of a chain of causes.
 */
function brief(reason: string | undefined, server: string): string | undefined {
  if (reason === undefined) return undefined;
  const [first = "", ...causes] = reason.replace(` to ${server}`, "").split(": ");
  return [first, ...causes.slice(-1)].join(": ");
}

function wait(milliseconds: number): string {
  return milliseconds <= 0 ? "now" : `in ${Math.ceil(milliseconds / 1_000)} s`;
}
