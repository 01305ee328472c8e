/**
 * Parses generated command lines with whichever parsing library is loaded, and prints what each one
 * means as JSON: to compare the stand-in with the real library.
 *
 * `command_lines.ts COUNT SEED`
 * @module
 */
import fc from "fast-check";
import { parseCommandLine } from "../../../cli/command_line/command_line.ts";
import type { CommandInput, CommandSpec, Program } from "../../../cli/command_line/command_spec.ts";
import { CommandError } from "../../../cli/command_line/exit_code.ts";
import type { Io } from "../../../cli/command_line/io.ts";

const OPTIONS = ["json", "count", "until", "port", "email", "output", "plain", "watch", "version"];
const REPEATABLE = ["email"];

/** What a line led to. */
export type Meaning =
  | { readonly error: string; readonly exitCode: number }
  | Ran & { readonly server: string | undefined }
  | { readonly help: string };

interface Ran {
  readonly ran: string;
  readonly words: readonly string[];
  readonly options: unknown;
}

/** What a line means, with everything but wording. */
export async function meaningOf(line: readonly string[]): Promise<Meaning> {
  let ran: Ran | undefined;
  let written = "";
  const io = ioThatWrites((text) => written += text);
  const record = (name: string) => (_io: Io, input: CommandInput): Promise<void> => {
    const options = OPTIONS.map((option) => [
      option,
      REPEATABLE.includes(option) ? input.texts(option) : input.text(option) ?? input.flag(option),
    ]).filter(([, value]) => Array.isArray(value) ? value.length > 0 : value !== false);
    ran = { ran: name, words: input.words, options: Object.fromEntries(options) };
    return Promise.resolve();
  };
  try {
    const call = await parseCommandLine(testProgram(record), line, io);
    await call.run();
    if (ran === undefined) return { help: /^ *Usage: .*/m.exec(written)?.[0].trim() ?? written };
    return Object.assign(ran, { server: call.server });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { error: error.message, exitCode: error.exitCode };
  }
}

/** A program with every shape of command that ours has. */
function testProgram(record: (name: string) => CommandSpec["run"]): Program {
  const json = { flags: "--json", summary: "Print JSON." };
  const spec = (name: string, rest: Partial<CommandSpec>): CommandSpec => ({
    name,
    summary: `Do ${name}.`,
    examples: [`roomz ${name}`],
    run: record(name),
    ...rest,
  });
  const chat = spec("chat", { options: [{ flags: "--plain", summary: "Plain." }] });
  const commands: CommandSpec[] = [
    chat,
    spec("send", {
      arguments: "[text...]",
      options: [json, { flags: "--until <pattern>", summary: "Until." }],
    }),
    spec("tail", {
      options: [json, { flags: "--count <number>", summary: "Count." }, {
        flags: "--until <pattern>",
        summary: "Until.",
      }],
    }),
    spec("login", { arguments: "[email]" }),
    spec("serve", {
      options: [
        { flags: "-p, --port <number>", summary: "Port." },
        { flags: "--email <address>", summary: "Email.", repeatable: true },
      ],
    }),
  ];
  const run = spec("run", {
    arguments: "<file>",
    options: [{ flags: "--watch", summary: "Watch." }],
  });
  const compile = spec("compile", {
    arguments: "<file> [more...]",
    options: [{ flags: "-o, --output <path>", summary: "Output." }],
  });
  return {
    name: "roomz",
    version: () => "1.2.3",
    summary: "A program.",
    examples: ["roomz"],
    main: () => Promise.resolve(chat),
    commands: {
      ...Object.fromEntries(commands.map((one) => [one.name, () => Promise.resolve(one)])),
      config: () =>
        Promise.resolve({
          name: "config",
          summary: "Config.",
          examples: ["roomz config"],
          main: { options: [json], run: record("config") },
          commands: [spec("init", {})],
        }),
      bot: () =>
        Promise.resolve({
          name: "bot",
          summary: "Bots.",
          examples: ["roomz bot run"],
          commands: [run, compile],
        }),
    },
  };
}

function ioThatWrites(write: (text: string) => void): Io {
  const output = {
    isTerminal: false,
    columns: () => 80,
    write: (text: string) => Promise.resolve(write(text)),
  };
  return {
    stdin: { isTerminal: false, read: () => Promise.resolve(null), setRaw() {} },
    stdout: output,
    stderr: output,
    signal: new AbortController().signal,
    env: () => undefined,
    workingFolder: () => "/",
  };
}

/** Lines of what people type: commands, their options and values, slips, in any order. */
export function generateLines(count: number, seed: number): string[][] {
  const command = fc.constantFrom(
    ...["send", "tail", "login", "serve", "config", "config init", "bot run", "bot compile", "bot"],
    ...["chat", "", "help", "help send", "version", "sned", "bot rnu", "completions"],
  );
  const value = fc.constantFrom(
    "x",
    "8000",
    "",
    "a b",
    "-1",
    "--",
    "-",
    "http://h:1",
    "--json",
    "ä",
    "=",
  );
  const long = fc.constantFrom(...OPTIONS, "help", "server", "jsno", "no-json", "x");
  const short = fc.constantFrom("s", "p", "o", "h", "V", "x");
  const word = fc.oneof(
    { weight: 3, arbitrary: value.map((text) => [text]) },
    { weight: 3, arbitrary: long.map((name) => [`--${name}`]) },
    { weight: 3, arbitrary: fc.tuple(long, value).map(([name, text]) => [`--${name}`, text]) },
    { weight: 2, arbitrary: fc.tuple(long, value).map(([name, text]) => [`--${name}=${text}`]) },
    { weight: 2, arbitrary: short.map((name) => [`-${name}`]) },
    { weight: 2, arbitrary: fc.tuple(short, value).map(([name, text]) => [`-${name}`, text]) },
    { weight: 1, arbitrary: fc.tuple(short, value).map(([name, text]) => [`-${name}${text}`]) },
    { weight: 1, arbitrary: fc.tuple(short, value).map(([name, text]) => [`-${name}=${text}`]) },
    { weight: 1, arbitrary: fc.constant(["--"]) },
  );
  const words = fc.array(word, { maxLength: 4 }).map((all) => all.flat());
  const line = fc.tuple(fc.array(word, { maxLength: 1 }), command, words)
    .map(([before, name, after]) => [...before.flat(), ...name.split(" "), ...after])
    .map((all) => all.filter((one, at) => one !== "" || at > 0));
  return fc.sample(line, { numRuns: count, seed });
}

if (import.meta.main) {
  const [count = "2000", seed = "1"] = Deno.args;
  for (const line of generateLines(Number(count), Number(seed))) {
    const meaning = await meaningOf(line).catch((error) => ({ crash: String(error) }));
    console.log(JSON.stringify({ line, meaning }));
  }
}
