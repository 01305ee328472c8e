/**
 * Reminders: `!remind 20m tea is ready`, `!reminders`, `!forget 1`, and on working days at nine a list
 * of what is due that day. Run it with `roomz bot run examples/reminder_bot.ts`. Stop it and start it
 * again: it still knows them, and says what was due meanwhile.
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
      description: "Remind me of something: !remind 1h30m feed the cat",
      aliases: ["r"],
      async run({ args, clock, updateSession }) {
        const reminder = { text: args.text, at: clock.now() + args.in };
        await updateSession((session) => {
          session.reminders.push(reminder);
          session.reminders.sort((a, b) => a.at - b.at);
        });
        return `I shall remind you in ${formatDuration(args.in)}.`;
      },
    },
    "reminders": {
      description: "What I shall remind you of",
      run: ({ session, clock }) =>
        session.reminders.map(({ text, at }, index) =>
          `${index + 1}. in ${formatDuration(Math.max(0, at - clock.now()))}: ${text}`
        ).join("\n") || "Nothing.",
    },
    "forget <number:int>": {
      description: "Forget a reminder, by its number in the list",
      async run({ args, updateSession }) {
        let forgotten: Reminder | undefined;
        await updateSession((session) => {
          [forgotten] = args.number < 1 ? [] : session.reminders.splice(args.number - 1, 1);
        });
        return forgotten === undefined ? "There is no such reminder." : `Forgot: ${forgotten.text}`;
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
        // Said first and forgotten then: better twice than never.
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
