/**
 * A quiz with a sign-up. Run it with `roomz bot run examples/quiz_bot.ts`, and type `!quiz` in the
 * chat. Stop the bot in the middle and start it again: the quiz continues where it was.
 *
 * The sign-up and the quiz are one flow, whose progress is stored after every step.
 * @module
 */
import { defineBot, flow } from "@roomz/roomz/bot";

/** A multiple-choice question. */
interface Question {
  readonly text: string;
  readonly answers: Readonly<Record<"a" | "b" | "c", string>>;
  readonly right: "a" | "b" | "c";
}

const QUESTIONS: readonly Question[] = [
  {
    text: "Which planet has the shortest year?",
    answers: { a: "Venus", b: "Mercury", c: "Mars" },
    right: "b",
  },
  {
    text: "How many bits does an IPv6 address have?",
    answers: { a: "128", b: "64", c: "32" },
    right: "a",
  },
  {
    text: "Who wrote the first program that was published?",
    answers: { a: "Grace Hopper", b: "Alan Turing", c: "Ada Lovelace" },
    right: "c",
  },
];

const quiz = flow({
  version: 1,
  state: () => ({ name: "", age: 0, next: 0, points: 0 }),
  steps: {
    "name": {
      ask: 'Welcome to the quiz! What is your name? (Say "cancel" to leave at any time.)',
      next({ state, answer }) {
        if (answer.length > 40) return { again: "Please use at most 40 characters." };
        state.name = answer;
      },
    },
    "age:int": {
      ask: ({ name }) => `How old are you, ${name}?`,
      next({ state, answer }) {
        if (answer < 1 || answer > 120) return { again: "Please enter your age in years." };
        state.age = answer;
      },
    },
    "rules:bool": {
      ask: `${QUESTIONS.length} questions, one point each. Ready? (yes or no)`,
      next: ({ answer }) => answer ? undefined : { end: "Maybe another time." },
    },
    "question:a|b|c": {
      ask: ({ next }) => textOf(QUESTIONS[next]),
      retry: "Answer a, b or c.",
      next({ state, answer }) {
        if (answer === QUESTIONS[state.next]?.right) state.points++;
        state.next++;
        if (state.next < QUESTIONS.length) return { goto: "question" };
      },
    },
  },
  done: ({ state }) =>
    `${state.name}, you got ${state.points} of ${QUESTIONS.length} right. ${praise(state)}`,
  timeout: "1d",
});

export default defineBot({
  name: "quiz",
  flows: { quiz },
  commands: {
    "quiz": {
      description: "Play the quiz",
      run: ({ startFlow }) => startFlow("quiz"),
    },
  },
});

function textOf(question: Question | undefined): string {
  if (question === undefined) return "There are no more questions.";
  const { a, b, c } = question.answers;
  return `${question.text}\na) ${a}\nb) ${b}\nc) ${c}`;
}

function praise({ points }: { readonly points: number }): string {
  return points === QUESTIONS.length ? "Perfect!" : points > 0 ? "Not bad." : "Try again: !quiz";
}
