/**
 * Reminders: `!remind 20m tea is ready`, `!reminders`, `!forget 1`, and at nine on weekdays a list of
 * what is due that day. Run it with `roomz bot run examples/reminder_bot.ts`. Stop it and start it
 * again: it still has the reminders, and sends those that were due in the meantime.
 * @module
 */
import { defineBot, formatDuration } from "@roomz/roomz/bot";

interface Reminder {
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const DAY = 86_400_000;

export default defineBot({
  name: "reminder",
  session: { initial: (): { reminders: Reminder[] } => ({ reminders: [] }) },
  commands: {
    "remind <in:duration> <text...>": {
      description: "Set a reminder: !remind 1h30m feed the cat",
      aliases: ["r"],
      async run({ args, clock, updateSession }) {
        const reminder = { text: args.text, at: clock.now() + args.in };
        await updateSession((session) => {
          session.reminders.push(reminder);
          session.reminders.sort((a, b) => a.at - b.at);
        });
        return `I'll remind you in ${formatDuration(args.in)}.`;
      },
    },
    "reminders": {
      description: "List the reminders",
      run: ({ session, clock }) =>
        session.reminders.map(({ text, at }, index) =>
          `${index + 1}. in ${formatDuration(Math.max(0, at - clock.now()))}: ${text}`
        ).join("\n") || "No reminders.",
    },
    "forget <number:int>": {
      description: "Delete a reminder, by its number in the list",
      async run({ args, updateSession }) {
        let deleted: Reminder | undefined;
        await updateSession((session) => {
          [deleted] = args.number < 1 ? [] : session.reminders.splice(args.number - 1, 1);
        });
        return deleted === undefined ? "There is no such reminder." : `Deleted: ${deleted.text}`;
      },
    },
  },
  schedule: {
    due: {
      every: "5s",
      async run({ session, updateSession, clock, reply }) {
        const now = clock.now();
        const due = session.reminders.filter(({ at }) => at <= now);
        if (due.length === 0) return;
        // Send first, then delete: a reminder may come twice, but is never lost.
        await reply(due.map(({ text }) => `⏰ ${text}`).join("\n"));
        await updateSession((current) => {
          current.reminders = current.reminders.filter(({ at }) => at > now);
        });
      },
    },
    today: {
      cron: "0 9 * * 1-5",
      timeZone: "Europe/Brussels",
      missed: "once",
      run({ session, clock }) {
        const today = session.reminders.filter(({ at }) => at < clock.now() + DAY);
        if (today.length > 0) return `Today: ${today.map(({ text }) => text).join("; ")}`;
      },
    },
  },
});
