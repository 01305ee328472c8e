/**
 * A poll between the devices in a room: `!poll "Where to?" Rome "New York"`, `!vote 2`, `!results`,
 * `!close`. Run it with `roomz bot run examples/poll_bot.ts`, and vote from two chats: every display
 * name has one vote, which it may change, and `/name phone` gives the chat one.
 * @module
 */
import { defineBot } from "@roomz/roomz/bot";

interface Poll {
  readonly question: string;
  readonly choices: readonly string[];
  /** The index of the choice that each device voted for. */
  readonly votes: Record<string, number>;
}

function results({ question, choices, votes }: Poll): string {
  const lines = choices.map((choice, index) => {
    const voters = Object.keys(votes).filter((device) => votes[device] === index);
    return `${index + 1}. ${choice}: ${voters.length}${
      voters.length === 0 ? "" : ` (${voters.join(", ")})`
    }`;
  });
  return [question, ...lines].join("\n");
}

const NO_POLL = 'There is no poll. Start one: !poll "Where to?" Rome Paris';

export default defineBot({
  name: "poll",
  session: { initial: (): { poll: Poll | null } => ({ poll: null }) },
  commands: {
    "poll <question> <choices:text...>": {
      description: "Start a poll; quotes keep words together",
      run({ args, session }) {
        if (session.poll !== null) return "There is a poll already: !close it first.";
        if (args.choices.length < 2) return "A poll needs two choices or more.";
        session.poll = { question: args.question, choices: args.choices, votes: {} };
        return `${results(session.poll)}\nVote with !vote and the number.`;
      },
    },
    "vote <number:int>": {
      description: "Vote, or vote anew",
      // Votes of two devices may come at the same time: updateSession takes both.
      async run({ args, device, updateSession }) {
        const voter = device ?? "someone";
        const { poll } = await updateSession(({ poll }) => {
          if (poll?.choices[args.number - 1] !== undefined) poll.votes[voter] = args.number - 1;
        });
        if (poll === null) return NO_POLL;
        const choice = poll.choices[args.number - 1];
        return choice === undefined
          ? `Choose a number from 1 to ${poll.choices.length}.`
          : `${voter} votes for ${choice}.`;
      },
    },
    "results": {
      description: "How it stands",
      run: ({ session }) => session.poll === null ? NO_POLL : results(session.poll),
    },
    "close": {
      description: "End the poll",
      confirm: "End the poll?",
      run({ session }) {
        const { poll } = session;
        session.poll = null;
        return poll === null ? NO_POLL : `It is over. ${results(poll)}`;
      },
    },
  },
});
