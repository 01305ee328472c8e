/**
 * `roomz ask`: asks a question in the room and prints the answer.
 * @module
 */
import { NoAnswerError } from "../../bot/context/ask.ts";
import {
  type Answer,
  ask,
  checkedQuestion,
  type ClientAskOptions,
} from "../../bot/question/client_ask.ts";
import { choicesNamed, typeNamed } from "../../bot/signature/answer_reader.ts";
import { formatDuration } from "../../bot/signature/duration.ts";
import { type Value, type ValueType, valueTypes } from "../../bot/signature/value_types.ts";
import { BotDefinitionError } from "../../bot/text/definition_error.ts";
import { nameConnection } from "../account/connection_name.ts";
import {
  createConfiguredClient,
  reportConnection,
  reportDisplayName,
} from "../account/create_client.ts";
import {
  type CommandInput,
  type CommandSpec,
  NO_NAME_OPTION,
} from "../command_line/command_spec.ts";
import { CommandError, ExitCode } from "../command_line/exit_code.ts";
import { readConfiguration } from "../config/configuration.ts";
import { readText } from "../terminal/input_text.ts";
import { print, printJson, say } from "../terminal/output.ts";

const DEFAULT_TIMEOUT = "10m";

export const askCommand: CommandSpec = {
  name: "ask",
  summary: "Ask a question in the room and print the answer (- reads it from stdin).",
  examples: [
    "roomz ask 'Deploy 1.4 to production?' --choices yes,no",
    "roomz ask 'How many?' --type int --timeout 2m --default 1",
    "roomz ask --json 'Which branch?' | jq -r .answer",
  ],
  arguments: "[question...]",
  options: [
    { flags: "--choices <list>", summary: "What to choose from, separated by commas: yes,no." },
    {
      flags: "--type <type>",
      summary:
        "The answer's type: text, int, number, bool, duration, email, url, date (default: text).",
    },
    {
      flags: "--timeout <duration>",
      summary: "How long to wait for the answer: 30s, 10m, 1h30m (default: 10m).",
    },
    {
      flags: "--default <answer>",
      summary: "Print this if no answer comes in time, and succeed.",
    },
    {
      flags: "--from <name>",
      summary: "Accept answers only from connections with this display name (default: from any).",
    },
    {
      flags: "--json",
      summary:
        "Print one JSON object: question, answer, device, message_id, waited (ms), source, " +
        "handle, perhaps_missed.",
    },
    NO_NAME_OPTION,
  ],
  async run(io, input) {
    const { words } = input;
    const type = typeOf(input);
    const { milliseconds, timeout } = timeoutOf(input);
    const otherwise = defaultOf(input, type);
    const from = input.text("from");
    if (from?.trim() === "") throw new CommandError("--from must be a name.", ExitCode.USAGE);
    const text = words.length === 1 && words[0] === "-" ? await readText(io) : words.join(" ");
    if (text.trim() === "") {
      throw new CommandError(
        "There is no question. Pass it as an argument, or - to read it from stdin.",
        ExitCode.USAGE,
      );
    }
    const question = inUsage(() => checkedQuestion(text, type), () => "");
    const configuration = await readConfiguration(io, input);
    using name = await nameConnection(io, configuration);
    await using client = createConfiguredClient(io, configuration, {
      displayName: name.displayName,
      maxReconnectAttempts: Infinity, // The time limit ends it.
    });
    reportDisplayName(io, client);
    await client.connect("", { signal: io.signal });
    reportConnection(io, client);

    const start = performance.now();
    let handle: string | null = null;
    const options: ClientAskOptions = {
      ...(type.choices === undefined ? { type: type.name } : { choices: type.choices }),
      ...(from !== undefined && { from }),
      timeout: milliseconds,
      signal: io.signal,
      onAsked(asked) {
        if (handle !== asked && io.stderr.isTerminal) {
          void say(io, `Asked as [${asked}]. Waiting for an answer for ${timeout}.`);
        }
        handle = asked;
      },
    };
    let answer: Answer<Value> | undefined;
    try {
      answer = await ask<ClientAskOptions>(client, question, options);
    } catch (error) {
      if (!(error instanceof NoAnswerError)) throw error;
      if (error.reason !== "timeout") {
        throw new CommandError("The question was cancelled.", ExitCode.FAILURE, { cause: error });
      }
      if (otherwise === undefined) {
        const whose = from === undefined ? "No answer" : `No answer from "${from}"`;
        throw new CommandError(
          `${whose} within ${timeout}; the question was withdrawn. Use --timeout to wait longer.`,
        );
      }
    }
    // There is a default, or else the error was thrown.
    const value = answer?.value ?? otherwise?.value ?? "";
    if (!input.flag("json")) return await print(io, answerText(value, type));
    await printJson(io, {
      question,
      answer: value,
      device: answer?.device ?? null,
      message_id: answer?.messageId ?? null,
      waited: Math.round(answer?.waited ?? performance.now() - start),
      source: answer === undefined ? "default" : "answer",
      handle,
      perhaps_missed: answer?.perhapsMissed ?? false,
    });
  },
};

function typeOf(input: CommandInput): ValueType {
  const [type, choices] = [input.text("type"), input.text("choices")];
  if (type !== undefined && choices !== undefined) {
    throw new CommandError("--type cannot be combined with --choices.", ExitCode.USAGE);
  }
  return inUsage(
    () =>
      choices === undefined
        ? typeNamed(type ?? "text", "--type")
        : choicesNamed(choices.split(",").map((choice) => choice.trim()), "--choices"),
    ({ path }) => ` (${path})`,
  );
}

function timeoutOf(input: CommandInput): { milliseconds: number; timeout: string } {
  const timeout = input.text("timeout") ?? DEFAULT_TIMEOUT;
  const reading = valueTypes.duration.read(timeout);
  if ("value" in reading && reading.value > 0) return { milliseconds: reading.value, timeout };
  throw new CommandError(
    `--timeout must be a duration such as 30s, 10m or 1h30m, and more than 0, but is "${timeout}".`,
    ExitCode.USAGE,
  );
}

function defaultOf(input: CommandInput, type: ValueType): { readonly value: Value } | undefined {
  const text = input.text("default");
  if (text === undefined) return undefined;
  const reading = type.read(text.trim());
  if ("value" in reading) return reading;
  throw new CommandError(
    `--default ${reading.requirement}, but is "${text}".`,
    ExitCode.USAGE,
  );
}

/** Runs `read`; an invalid value is an error of the command line, which ends with `where`. */
function inUsage<T>(read: () => T, where: (error: BotDefinitionError) => string): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof BotDefinitionError)) throw error;
    throw new CommandError(error.problem + where(error), ExitCode.USAGE, { cause: error });
  }
}

/** An answer as people type it, so that the same type reads it again. */
function answerText(value: Value, { name }: ValueType): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (value instanceof Date) return value.toISOString();
  return typeof value === "number" && name === "duration" ? formatDuration(value) : `${value}`;
}
