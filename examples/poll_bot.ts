/**
 * A poll among the devices in a room: `!poll "Where to?" Rome "New York"`, `!vote 2`, `!results`,
 * `!close`. Run it with `roomz bot run examples/poll_bot.ts`, and vote from two chats. Every display
 * name has one vote, which can be changed; `/name phone` sets a chat's name.
 * @module
 */
import { defineBot } from "@roomz/roomz/bot";

interface Poll {
  readonly question: string;
  readonly choices: readonly string[];
  /** The index of the choice, by device. */
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
      description: "Start a poll; quote choices that contain spaces",
      run({ args, session }) {
        if (session.poll !== null) return "There is already a poll. Close it first: !close";
        if (args.choices.length < 2) return "A poll needs at least two choices.";
        session.poll = { question: args.question, choices: args.choices, votes: {} };
        return `${results(session.poll)}\nVote with !vote and a number.`;
      },
    },
    "vote <number:int>": {
      description: "Vote, or change your vote",
      // Two devices may vote at the same time: updateSession counts both votes.
      async run({ args, device, updateSession }) {
        const voter = device ?? "someone";
        const { poll } = await updateSession(({ poll }) => {
          if (poll?.choices[args.number - 1] !== undefined) poll.votes[voter] = args.number - 1;
        });
        if (poll === null) return NO_POLL;
        const choice = poll.choices[args.number - 1];
        return choice === undefined
          ? `Choose a number from 1 to ${poll.choices.length}.`
          : `${voter} voted for ${choice}.`;
      },
    },
    "results": {
      description: "Show the results so far",
      run: ({ session }) => session.poll === null ? NO_POLL : results(session.poll),
    },
    "close": {
      description: "End the poll",
      confirm: "End the poll?",
      run({ session }) {
        const { poll } = session;
        session.poll = null;
        return poll === null ? NO_POLL : `The poll is closed. ${results(poll)}`;
      },
    },
  },
});
