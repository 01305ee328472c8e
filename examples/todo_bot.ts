/**
 * A to-do list that all devices share, and that survives a restart. Run it with
 * `roomz bot run examples/todo_bot.ts`, and type `!todo add Water the plants` in the chat.
 *
 * The list is the bot's session: handlers change it in place, and it is saved when they succeed.
 * @module
 */
import { defineBot } from "@roomz/roomz/bot";

interface Item {
  readonly text: string;
  done: boolean;
}

export default defineBot({
  // Data is stored under the bot's name: the bot "todo" of docs/bot.md has its own list.
  name: "todo-list",
  session: { initial: () => ({ items: [] as Item[] }) },
  commands: {
    "todo": {
      description: "Show the list",
      aliases: ["todo list"],
      run: ({ session }) => listOf(session.items),
    },
    "todo add <text...>": {
      description: "Add an item",
      aliases: ["ta"],
      run({ args, session }) {
        session.items.push({ text: args.text, done: false });
        return `${session.items.length}. ${args.text}`;
      },
    },
    "todo done <number:int>": {
      description: "Mark an item as done",
      aliases: ["td"],
      run({ args, session }) {
        const item = session.items[args.number - 1];
        if (item === undefined) return notFound(args.number, session.items);
        item.done = true;
        return `Done: ${item.text}`;
      },
    },
    "todo remove <number:int>": {
      description: "Remove an item",
      run({ args, session }) {
        const [item] = args.number < 1 ? [] : session.items.splice(args.number - 1, 1);
        return item === undefined ? notFound(args.number, session.items) : `Removed: ${item.text}`;
      },
    },
    "todo clear done": {
      description: "Remove the items that are done",
      async run({ updateSession }) {
        const { items } = await updateSession(({ items }) => ({
          items: items.filter(({ done }) => !done),
        }));
        return listOf(items);
      },
    },
    "todo clear all": {
      description: "Empty the list, after confirmation",
      async run({ ask, updateSession }) {
        if (!await ask("Empty the whole list?", { type: "bool", timeout: "1m" })) {
          return "Not emptied.";
        }
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

function notFound(number: number, items: readonly Item[]): string {
  return items.length === 0
    ? "Nothing to do."
    : `There is no item ${number}. Choose a number from 1 to ${items.length}.`;
}
