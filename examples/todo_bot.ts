/**
 * A to-do list that the room shares, and that survives a restart. Run it with
 * `roomz bot run examples/todo_bot.ts`, and say `!todo add Water the plants` in the chat.
 *
 * The list is the bot's session: handlers change it in place, and it is saved after them.
 * @module
 */
import { defineBot } from "@roomz/roomz/bot";

/** One thing to do. */
interface Item {
  readonly text: string;
  done: boolean;
}

export default defineBot({
  // What a bot keeps is kept under its name: the "todo" of docs/bot.md has another list.
  name: "todo-list",
  session: { initial: () => ({ items: [] as Item[] }) },
  commands: {
    "todo": {
      description: "Show what there is to do",
      aliases: ["todo list"],
      run: ({ session }) => listOf(session.items),
    },
    "todo add <text...>": {
      description: "Add something to do",
      aliases: ["ta"],
      run({ args, session }) {
        session.items.push({ text: args.text, done: false });
        return `${session.items.length}. ${args.text}`;
      },
    },
    "todo done <number:int>": {
      description: "Mark something as done",
      aliases: ["td"],
      run({ args, session }) {
        const item = session.items[args.number - 1];
        if (item === undefined) return noSuch(args.number, session.items);
        item.done = true;
        return `Done: ${item.text}`;
      },
    },
    "todo remove <number:int>": {
      description: "Take something off the list",
      run({ args, session }) {
        const [item] = args.number < 1 ? [] : session.items.splice(args.number - 1, 1);
        return item === undefined ? noSuch(args.number, session.items) : `Removed: ${item.text}`;
      },
    },
    "todo clear done": {
      description: "Take off what is done",
      async run({ updateSession }) {
        const { items } = await updateSession(({ items }) => ({
          items: items.filter(({ done }) => !done),
        }));
        return listOf(items);
      },
    },
    "todo clear all": {
      description: "Empty the list, after a question",
      async run({ ask, updateSession }) {
        if (!await ask("Empty the whole list?", { type: "bool", timeout: "1m" })) return "Kept.";
        await updateSession(() => ({ items: [] }));
        return "The list is empty.";
      },
    },
  },
});

function listOf(items: readonly Item[]): string {
  if (items.length === 0) return "Nothing to do.";
  return items.map(({ text, done }, index) => `${index + 1}. ${done ? "✓ " : ""}${text}`).join(
    "\n",
  );
}

function noSuch(number: number, items: readonly Item[]): string {
  return items.length === 0 ? "Nothing to do." : `There is no ${number}: 1 to ${items.length}.`;
}
