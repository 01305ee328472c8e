/**
 * A chat message as people read it.
 * @module
 */
import type { Message, User } from "../client/mod.ts";
import type { Io } from "./io.ts";
import { terminalText } from "./terminal_text.ts";

/** Prints a message: `14:05 Laptop (ada@example.com): Hello`, in local time. */
export async function printMessage(io: Io, message: Message): Promise<void> {
  const entry = `${localTime(message.timestamp)} ${sender(message.user)}: ${message.content}`;
  const columns = io.stdout.isTerminal ? io.stdout.columns() : Infinity;
  await io.stdout.write(`${terminalText(entry, columns)}\n`);
}

/** `Name (email)`, or the email alone. */
function sender({ display_name, email }: User): string {
  return display_name ? `${display_name} (${email})` : email;
}

function localTime(timestamp: string): string {
  const time = new Date(timestamp);
  if (Number.isNaN(time.getTime())) return "--:--";
  return [time.getHours(), time.getMinutes()].map((n) => String(n).padStart(2, "0")).join(":");
}
