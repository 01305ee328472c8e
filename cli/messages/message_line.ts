/**
 * A message as a line of text.
 * @module
 */
import type { Message, User } from "../../client/mod.ts";
import type { Io } from "../command_line/io.ts";
import { linkFor, takesSequences, withLinks } from "../terminal/link.ts";
import { terminalRows, terminalText, withinRow } from "../terminal/terminal_text.ts";

/** Prints a message: `14:05 Laptop (ada@example.com): Hello`, in local time. */
export async function printMessage(io: Io, message: Message): Promise<void> {
  const entry = messageEntry(message);
  if (!io.stdout.isTerminal) return await io.stdout.write(`${terminalText(entry)}\n`);
  const bodyStart = entry.length - message.content.length;
  const columns = io.stdout.columns();
  const term = io.env("TERM");
  const link = linkFor(term);
  const rows = terminalRows(entry, columns, bodyStart).map((row) =>
    takesSequences(term) ? withinRow(row.text, withLinks(row, link), columns) : row.text
  );
  await io.stdout.write(`${rows.join("\n")}\n`);
}

/** `14:05 Laptop (ada@example.com): Hello`, not yet made safe for a terminal. */
export function messageEntry(
  { timestamp, user, content }: Pick<Message, "timestamp" | "user" | "content">,
): string {
  return `${localTime(timestamp)} ${sender(user)}: ${content}`;
}

/** `Name (email)`, or the email alone. */
export function sender({ display_name, email }: User): string {
  return display_name ? `${display_name} (${email})` : email;
}

/** `14:05`, in the user's time zone. */
export function localTime(timestamp: string): string {
  const time = new Date(timestamp);
  if (Number.isNaN(time.getTime())) return "--:--";
  return [time.getHours(), time.getMinutes()].map((n) => String(n).padStart(2, "0")).join(":");
}

/** `2026-11-23`, in the user's time zone. */
export function localDate(timestamp: string): string {
  const time = new Date(timestamp);
  return [time.getFullYear(), time.getMonth() + 1, time.getDate()]
    .map((part) => String(part).padStart(2, "0")).join("-");
}

/** `Monday, 23 November 2026`, in the user's time zone; empty for an invalid time. */
export function localDay(timestamp: string): string {
  const time = new Date(timestamp);
  if (Number.isNaN(time.getTime())) return "";
  return `${WEEKDAYS[time.getDay()]}, ${time.getDate()} ${MONTHS[time.getMonth()]} ` +
    `${time.getFullYear()}`;
}

const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
